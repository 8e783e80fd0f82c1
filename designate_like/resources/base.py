# SPDX-License-Identifier: Apache-2.0
"""Declaring a resource once: its parser, API view, table columns and bus form.

A resource is a frozen dataclass whose fields say everything about them:

    @resource('tld')
    class Tld(Resource):
        id: str = field(UUID(), primary_key=True)
        name: str = field(TldName(), write=(CREATE, UPDATE), required=True, match=True, sort=True)

Derived members are methods marked ``@derived``: shown and matched like fields, not stored.
The order of the class body is the order of the API's document.
"""
import dataclasses
import typing
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import ClassVar
from typing import TypeVar

import sqlalchemy

from designate_like import errors
from designate_like.resources import types

CREATE = 'create'
UPDATE = 'update'
FILE = 'file'            # an entry of pools.yaml

_SPEC = 'spec'
_BY_NAME: dict[str, type] = {}
T = TypeVar('T')


@dataclasses.dataclass(frozen=True)
class Spec:
    """What the declaration of a member says about it."""
    type: types.Type
    primary_key: bool = False
    write: tuple[str, ...] = ()       # verbs whose body may hold the member
    echo: bool = False                # an update may repeat the present value
    required: bool = False            # on create
    null: str = 'reject'              # null in a body: 'reject', 'keep', or 'absent'
    view: bool = True                 # shown by the API
    match: bool = False               # a filter of the API's lists
    sort: bool = False                # a sort key of the API's lists
    unique: bool = False
    index: bool = False
    stored: bool = True               # has a column in the resource's own table
    column: Any = None                # the column's type, where the field's own will not do


def field(type_: types.Type, *, default: Any = None, factory: Callable[[], Any] | None = None,
          **spec: Any) -> Any:
    """Declare a member; the keywords are those of :class:`Spec`."""
    metadata = {_SPEC: Spec(type_, **spec)}
    if factory is not None:
        return dataclasses.field(default_factory=factory, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def derived(type_: types.Type, **spec: Any) -> Callable[[Callable], property]:
    """Declare a member that is computed from the others."""
    def mark(function: Callable) -> property:
        function.spec = Spec(type_, stored=False, **spec)   # type: ignore[attr-defined]
        return property(function)
    return mark


@dataclasses.dataclass(frozen=True)
class Problem:
    """One rule that a body breaks, as the API's error list shows it."""
    path: list[str | int]
    message: str
    validator: str
    validator_value: Any = None

    def document(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def problem_list(problems: list[Problem]) -> errors.InvalidObject:
    """The error that carries several problems."""
    return errors.InvalidObject(problems=[problem.document() for problem in problems])


class Resource:
    """The methods that every declared class has."""
    NOUN: ClassVar[str]
    FIELDS: ClassVar[tuple[str, ...]]       # what a row or a message holds
    SPECS: ClassVar[dict[str, Spec]]        # these and the derived ones, in the API's order

    @classmethod
    def parse(cls: type[T], body: Any, verb: str, present: T | None = None) -> dict[str, Any]:
        """Turn a body into field values.

        :param verb: CREATE, UPDATE or FILE; decides which members may be written.
        :param present: on update, what the body would change.
        :raises InvalidObject: all problems of the scalars in one message or, once those
            are right, all broken rules as a list.
        """
        if not isinstance(body, Mapping):
            raise errors.InvalidObject(f'Provided object is not valid. {cls.NOUN}: the body '
                                       f'must be a JSON object')
        values, sentences, unknown = {}, [], []
        for name, raw in body.items():
            spec = cls.SPECS.get(name)
            try:
                if spec is None:
                    unknown.append(name)
                elif verb in spec.write:
                    cls._read(values, name, spec, raw)
                elif not (verb == UPDATE and spec.echo and cls.echoes(present, name, raw)):
                    unknown.append(name)
            except ValueError as problem:
                sentences.append(f"{name}: {str(problem).rstrip('.')}.")
        if unknown:
            sentences.append(f'Keys {unknown} are not valid for {cls.NOUN}')
        if sentences:
            raise errors.InvalidObject('Provided object is not valid. ' + ' '.join(sentences))
        problems = cls.problems(values, verb, present)
        if problems:
            raise problem_list(problems)
        return values

    @staticmethod
    def _read(values: dict[str, Any], name: str, spec: Spec, raw: Any) -> None:
        if raw is not None:
            values[name] = spec.type.parse(raw)
        elif spec.null == 'keep':
            values[name] = None
        elif spec.null == 'reject':
            raise ValueError('None is not allowed here')

    @classmethod
    def echoes(cls, present: Any, name: str, raw: Any) -> bool:
        """Whether the body repeats what is there, in the form that the API shows."""
        type_ = cls.SPECS[name].type
        return type_.same(type_.view(getattr(present, name)), raw)

    @classmethod
    def problems(cls, values: dict[str, Any], verb: str, present: Any) -> list[Problem]:
        """The broken rules among values that are each well formed; nouns add theirs."""
        if verb == UPDATE:
            return []
        return [Problem([name], f"'{name}' is a required property", 'required', True)
                for name, spec in cls.SPECS.items() if spec.required and name not in values]

    @classmethod
    def columns(cls) -> list[sqlalchemy.Column]:
        """The columns of the resource's table."""
        optional = {each.name for each in dataclasses.fields(cls)      # type: ignore[arg-type]
                    if type(None) in typing.get_args(each.type)}
        return [sqlalchemy.Column(name, spec.column or spec.type.column(),
                                  primary_key=spec.primary_key, unique=spec.unique or None,
                                  index=spec.index or None, nullable=name in optional)
                for name, spec in cls.SPECS.items() if spec.stored]

    @classmethod
    def names(cls, mark: str) -> list[str]:
        """The names of the members whose spec has ``mark`` set, in order."""
        return [name for name, spec in cls.SPECS.items() if getattr(spec, mark)]

    def view(self) -> dict[str, Any]:
        """What the API shows, without links."""
        return {name: spec.type.view(getattr(self, name))
                for name, spec in self.SPECS.items() if spec.view}

    def dump(self) -> dict[str, Any]:
        """The JSON form, fields only."""
        return {name: self.SPECS[name].type.dump(getattr(self, name))
                for name in self.FIELDS}                     # type: ignore[attr-defined]

    @classmethod
    def load(cls: type[T], document: Mapping[str, Any]) -> T:
        """The reverse of :meth:`dump`; unknown members are ignored."""
        return cls(**{name: cls.SPECS[name].type.load(document[name])
                      for name in cls.FIELDS if name in document})   # type: ignore

    def to_row(self) -> dict[str, Any]:
        """The values of the resource's columns."""
        return {name: self.SPECS[name].type.to_row(getattr(self, name))
                for name in self.FIELDS if self.SPECS[name].stored}

    @classmethod
    def from_row(cls: type[T], row: Mapping[str, Any]) -> T:
        """The reverse of :meth:`to_row`; the row may hold joined fields too."""
        return cls(**{name: cls.SPECS[name].type.from_row(value)      # type: ignore
                      for name, value in row.items()})

    def replace(self: T, **changes: Any) -> T:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)          # type: ignore[type-var]


def resource(noun: str) -> Callable[[type[T]], type[T]]:
    """Make a declared class a resource called ``noun`` in messages and on the bus."""
    def declare(cls: type[T]) -> type[T]:
        body = list(vars(cls))      # Before dataclass() takes the factories out of it.
        made = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        stored = {each.name: each.metadata[_SPEC] for each in dataclasses.fields(made)}
        computed = {name: member.fget.spec for name, member in vars(cls).items()
                    if isinstance(member, property) and hasattr(member.fget, _SPEC)}
        order = [name for name in body if name in stored or name in computed]
        made.NOUN, made.FIELDS = noun, tuple(stored)
        made.SPECS = {name: stored.get(name) or computed[name] for name in order}
        _BY_NAME[noun] = made
        return made
    return declare


def to_dict(thing: Resource) -> dict[str, Any]:
    """The form of a resource on the message bus."""
    return {'__resource__': thing.NOUN, **thing.dump()}


def from_dict(document: Mapping[str, Any]) -> Resource:
    """The reverse of :func:`to_dict`."""
    return _BY_NAME[document['__resource__']].load(document)
