# SPDX-License-Identifier: Apache-2.0
"""The types of fields: what each accepts from a request, and the column that holds it.

``parse`` takes what a client or an operator's file holds and returns the Python value,
or raises ValueError with a sentence that names the rule. ``dump`` and ``load`` are the
JSON form that travels over the message bus, ``view`` is the form that the API shows.
"""
import datetime
import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy
from sqlalchemy.dialects import mysql

from designate_like import errors
from designate_like.resources import addresses
from designate_like.resources import names

_UUID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')
_SURROGATE = re.compile('[\ud800-\udfff]')
_BINARY = 'ascii_bin'
_TIME = '%Y-%m-%dT%H:%M:%S.%f'


def is_uuid(text: object) -> bool:
    """Whether the text is a UUID in its lower-case, hyphenated form."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def ascii_column(length: int) -> sqlalchemy.types.TypeEngine:
    """A column for names and ids: bytewise comparison in every database."""
    return sqlalchemy.String(length).with_variant(
        mysql.VARCHAR(length, charset='ascii', collation=_BINARY), 'mysql', 'mariadb')


class Type:
    """What every type offers; by itself, any JSON value."""
    caseless = False        # Filters of lists take it in whatever case.

    def parse(self, raw: Any) -> Any:
        return raw

    def dump(self, value: Any) -> Any:
        return value

    def load(self, value: Any) -> Any:
        return value

    def view(self, value: Any) -> Any:
        return self.dump(value)

    def same(self, shown: Any, raw: Any) -> bool:
        """Whether a body has what ``view`` shows."""
        return raw == shown

    def to_row(self, value: Any) -> Any:
        return value

    def from_row(self, value: Any) -> Any:
        return value

    def column(self) -> sqlalchemy.types.TypeEngine:
        return sqlalchemy.JSON()


class Text(Type):
    """Text of at most ``length`` characters."""

    def __init__(self, length: int, smallest: int = 0) -> None:
        self.length = length
        self.smallest = smallest

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str):
            raise ValueError(f'{raw!r} is not text')
        if not self.smallest <= len(raw) <= self.length:
            raise ValueError(f'the text has {len(raw)} characters, '
                             f'{self.smallest} to {self.length} are allowed')
        if _SURROGATE.search(raw):      # JSON can hold one alone, UTF-8 cannot.
            raise ValueError(f'{raw!r} holds a character that has no UTF-8 form')
        return raw

    def column(self) -> sqlalchemy.types.TypeEngine:
        return sqlalchemy.Unicode(self.length)


class UUID(Type):
    """A lower-case, hyphenated UUID."""

    def parse(self, raw: Any) -> str:
        if not is_uuid(raw):
            raise ValueError(f'{raw!r} is not a UUID')
        return raw

    def column(self) -> sqlalchemy.types.TypeEngine:
        return ascii_column(36)


class Choice(Type):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def parse(self, raw: Any) -> str:
        if raw not in self.words:
            raise ValueError(f'{raw!r} is not one of {", ".join(self.words)}')
        return raw

    def column(self) -> sqlalchemy.types.TypeEngine:
        return ascii_column(32)


class Integer(Type):
    """A whole number; numeric text and whole floats are accepted too."""

    def __init__(self, smallest: int = -2**63, largest: int = 2**63 - 1) -> None:
        self.smallest = smallest
        self.largest = largest

    def parse(self, raw: Any) -> int:
        try:
            if isinstance(raw, bool) or not isinstance(raw, int | float | str):
                raise ValueError
            value = int(raw)
        except (ValueError, OverflowError):
            raise ValueError(f'{raw!r} is not an integer') from None
        if not self.smallest <= value <= self.largest:
            raise ValueError(f'{value} is not between {self.smallest} and {self.largest}')
        return value

    def same(self, shown: Any, raw: Any) -> bool:
        return str(raw) == str(shown)

    def column(self) -> sqlalchemy.types.TypeEngine:
        return sqlalchemy.BigInteger().with_variant(sqlalchemy.Integer(), 'sqlite')


class Serial(Integer):
    """A zone's serial: 64 bits that only grow, shown as DNS sees it, modulo 2^32."""

    def view(self, value: int | None) -> int | None:
        return None if value is None else value % 2**32


class Boolean(Type):
    """True or false."""

    def parse(self, raw: Any) -> bool:
        if not isinstance(raw, bool):
            raise ValueError(f'{raw!r} is not a boolean')
        return raw

    def column(self) -> sqlalchemy.types.TypeEngine:
        return sqlalchemy.Boolean()


class DateTime(Type):
    """A moment in UTC, microseconds kept, shown without a zone."""

    def dump(self, value: datetime.datetime | None) -> str | None:
        return None if value is None else value.strftime(_TIME)

    def load(self, value: str | None) -> datetime.datetime | None:
        return None if value is None else datetime.datetime.strptime(value, _TIME)

    def column(self) -> sqlalchemy.types.TypeEngine:
        return sqlalchemy.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb')


class Name(Type):
    """An absolute domain name with its trailing dot; case is kept, and of no account (RFC 4343)."""
    caseless = True

    def __init__(self, wildcard: bool = False) -> None:
        self.wildcard = wildcard

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str) or not names.valid(raw, wildcard=self.wildcard):
            raise ValueError(f'{raw!r} is not a domain name with a trailing dot')
        return raw

    def same(self, shown: str, raw: Any) -> bool:
        """Whether a body has the name, in whatever case."""
        return isinstance(raw, str) and raw.lower() == shown.lower()

    def column(self) -> sqlalchemy.types.TypeEngine:
        return ascii_column(255)


class Email(Type):
    """The mailbox of a zone's SOA: one ``@``, and a domain name once it is a dot."""

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str) or len(raw) > 253 or raw.count('@') != 1 \
                or raw.index('@') > 63 or not names.valid(raw.replace('@', '.') + '.'):
            raise ValueError(f'{raw!r} is not an email address that a SOA record can hold')
        return raw

    def column(self) -> sqlalchemy.types.TypeEngine:
        return sqlalchemy.Unicode(255)


class Strings(Type):
    """A list of texts, each parsed by ``item``, in the order sent."""

    def __init__(self, item: Type | None = None) -> None:
        self.item = item or Text(65535)

    def parse(self, raw: Any) -> list[str]:
        if not isinstance(raw, list):
            raise ValueError(f'{raw!r} is not a list')
        return [self.item.parse(each) for each in raw]


class Map(Type):
    """A map of text to text; scalars become text."""

    def __init__(self, length: int) -> None:
        self.text = Text(length)

    def parse(self, raw: Any) -> dict[str, str]:
        if not isinstance(raw, dict):
            raise ValueError(f'{raw!r} is not a map')
        return {self.text.parse(str(key)): self.text.parse(self._scalar(value))
                for key, value in raw.items()}

    @staticmethod
    def _scalar(value: Any) -> str:
        if isinstance(value, list | dict) or value is None:
            raise ValueError(f'{value!r} is not a text, number or boolean')
        return str(value)


class Items(Type):
    """A list of nested resources of one class."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def parse(self, raw: Any) -> list[Any]:
        if not isinstance(raw, list):
            raise ValueError(f'{raw!r} is not a list')
        items, problems = [], []
        for index, each in enumerate(raw):
            try:
                items.append(self.kind(**self.kind.parse(each, 'create')))
            except errors.InvalidObject as problem:
                problems.append(f'[{index}] {problem.sentence()}')
        if problems:
            raise ValueError(' '.join(problems))
        return items

    def dump(self, value: Iterable[Any]) -> list[dict[str, Any]]:
        return [item.dump() for item in value]

    def load(self, value: Iterable[dict[str, Any]]) -> list[Any]:
        return [self.kind.load(item) for item in value]

    def to_row(self, value: Any) -> Any:
        return self.dump(value)

    def from_row(self, value: Any) -> Any:
        return self.load(value)


class One(Items):
    """One nested resource, or none."""

    def parse(self, raw: Any) -> Any:
        return super().parse([raw])[0]

    def dump(self, value: Any) -> Any:
        return None if value is None else value.dump()

    def load(self, value: Any) -> Any:
        return None if value is None else self.kind.load(value)

    def column(self) -> sqlalchemy.types.TypeEngine:
        return sqlalchemy.JSON(none_as_null=True)


class Master(Type):
    """Where a secondary zone comes from: ``host`` or ``host:port``; port 53 goes unsaid."""

    def parse(self, raw: Any) -> str:
        if isinstance(raw, str):
            host, port = addresses.split(raw, 53)
            if host and addresses.is_host(host) and 1 <= port <= 65535:
                return addresses.join(host, port, unsaid=53)
        raise ValueError(f'{raw!r} is not a host, with a port from 1 to 65535 or without')


class Bytes(Type):
    """Bytes that only the database and the name servers see."""

    def column(self) -> sqlalchemy.types.TypeEngine:
        return sqlalchemy.LargeBinary().with_variant(mysql.LONGBLOB(), 'mysql', 'mariadb')
