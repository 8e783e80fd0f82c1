# SPDX-License-Identifier: Apache-2.0
"""What every backend can do."""
import abc
import ipaddress
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import ClassVar

from oslo_utils import strutils

from designate_like import errors
from designate_like import resources


class Backend(abc.ABC):
    """One server of a pool, as far as it can be told which zones to carry.

    All methods may be called from several threads at once, may take seconds, and do no harm
    when the server already is as it should be.
    """

    # The options of the target and their defaults, as text; a subclass adds its own.
    OPTIONS: ClassVar[Mapping[str, str]] = {'host': '127.0.0.1', 'port': '53'}

    # Has the server pull the latest version of a zone at once, for servers that dawdle over NOTIFY;
    # raises errors.BackendError. The others have no such method.
    fetch: ClassVar[Callable[[Any, resources.Zone], None] | None] = None

    # Lists the names of the zones that the server pulls from the target's masters; raises
    # errors.BackendError. Servers that cannot tell have no such method.
    zones: ClassVar[Callable[[Any], list[str]] | None] = None

    def __init__(self, target: resources.Target) -> None:
        """Read the options of a target of a pool.

        :raises errors.ConfigurationError: an option is unknown or has a wrong value.
        """
        unknown = sorted(set(target.options) - set(self.OPTIONS))
        if unknown:
            raise errors.ConfigurationError(
                f"The backend '{target.type}' has no option {', '.join(unknown)}")
        self.target = target
        self.options = {**self.OPTIONS, **target.options}
        self.address = self.options['host'], self.number('port')

    def number(self, name: str) -> int:
        """Return the value of an option that is a whole number, 0 or more.

        :raises errors.ConfigurationError: it is not.
        """
        value = str(self.options[name])
        if not (value.isascii() and value.isdigit()):
            raise errors.ConfigurationError(
                f"The option {name} of the backend '{self.target.type}' is {value!r}, which is "
                'not a number')
        return int(value)

    def boolean(self, name: str) -> bool:
        """Return the value of an option that is true or false.

        :raises errors.ConfigurationError: it is neither.
        """
        try:
            return strutils.bool_from_string(self.options[name], strict=True)
        except ValueError as error:
            raise errors.ConfigurationError(
                f"The option {name} of the backend '{self.target.type}': {error}") from error

    def masters(self) -> list[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]]:
        """Return address and port of each of the target's masters.

        :raises errors.ConfigurationError: one is a host name, for servers that know none.
        """
        try:
            return [(ipaddress.ip_address(each.host), each.port) for each in self.target.masters]
        except ValueError as error:
            raise errors.ConfigurationError(
                f"A master of a target of type '{self.target.type}': {error}") from error

    @abc.abstractmethod
    def create(self, zone: resources.Zone) -> None:
        """Have the server carry a zone.

        :raises errors.BackendError: it could not be told, or refused.
        """

    @abc.abstractmethod
    def update(self, zone: resources.Zone) -> None:
        """Have the server carry a zone in the way that the target says now.

        :raises errors.BackendError: it could not be told, or refused.
        """

    @abc.abstractmethod
    def delete(self, zone: resources.Zone, hard: bool = False) -> None:
        """Have the server carry a zone no more.

        :param hard: have it remove the zone's files too.
        :raises errors.BackendError: it could not be told, or refused.
        """

    def retransfer(self, zone: resources.Zone) -> None:
        """Have the server transfer a zone whole, whatever it has of it and in which version.

        :raises errors.BackendError: it could not be told, or refused.
        """
        self.delete(zone)
        self.create(zone)

    def carries(self, zone: resources.Zone) -> bool:
        """Whether the server has a zone of that name which it pulls from the target's masters.

        No where nobody can tell: then it may be the operator's own.

        :raises errors.BackendError: it could not be asked, or refused.
        """
        return False

    def close(self) -> None:
        """Break off what is under way."""
