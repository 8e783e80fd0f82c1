# SPDX-License-Identifier: Apache-2.0
"""Every error that crosses a module: its HTTP code, its API type, its default sentence.

The type of a class is its name in snake case unless it says otherwise; the first line of
its docstring is the default message. Details travel as keyword arguments, so that they
survive the message bus.

    Error (500)
      BadRequest (400)     what the caller sent breaks a rule
        InvalidObject        a field of the body
        InvalidName ...      one class a rule
      Unauthorized (401)   MissingProjectId
      Forbidden (403)      IllegalChild, IllegalParent, InvalidTokenScope ...
      NotFound (404)       one class a noun
      MethodNotAllowed (405), UnsupportedAccept (406), UnsupportedContentType (415)
      Conflict (409)       one class a noun
      OverQuota (413)
      Internal (500)       the operator must change something
      Unavailable (503)    a part behind us is away; try again
      Timeout (504)        a part behind us did not answer
"""
import re
from typing import Any
from typing import ClassVar

_CAPITAL = re.compile(r'(?<!^)(?=[A-Z])')


class Error(Exception):
    """An unknown failure."""
    code: ClassVar[int] = 500
    type: ClassVar[str] = 'unknown'

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if 'type' not in vars(cls) and not cls.__name__.endswith('_Remote'):
            cls.type = _CAPITAL.sub('_', cls.__name__).lower()

    def __init__(self, message: str | None = None, **kwargs: Any) -> None:
        self.kwargs = kwargs
        self.message = message or (type(self).__doc__ or '').split('\n')[0].rstrip('.')
        super().__init__(self.message)


# -- 400 --

class BadRequest(Error):
    """The request breaks a rule."""
    code = 400


class InvalidObject(BadRequest):
    """Provided object is not valid.

    ``problems``: a list of {path, message, validator, validator_value}; with it the API
    shows the list and no message. ``listed``: such a list in the form of /admin.
    """

    def sentence(self) -> str:
        """Everything that is wrong, for a person at a terminal."""
        problems = self.kwargs.get('problems')
        if not problems:
            return self.message.removeprefix('Provided object is not valid. ')
        return ' '.join(f"{'.'.join(map(str, each['path']))}: {each['message'].rstrip('.')}."
                        for each in problems)


class EmptyRequestBody(BadRequest):
    """A JSON body is required here and the request has none."""


class InvalidJson(BadRequest):
    """The request body is not JSON."""


class InvalidProject(BadRequest):
    """There is no such project."""


class InvalidUuid(BadRequest):
    """Invalid UUID."""


class MarkerNotFound(BadRequest):
    """The marker is not the id of an item of this list."""


class InvalidMarker(BadRequest):
    """The marker is not a UUID."""


class InvalidSortDir(BadRequest):
    """sort_dir is asc or desc."""


class InvalidSortKey(BadRequest):
    """This list cannot be sorted by that key."""


class InvalidLimit(BadRequest):
    """limit is a positive whole number, or max."""


class InvalidOperation(BadRequest):
    """The operation is not possible in this state."""


class InvalidZoneName(BadRequest):
    """A zone may not have this name."""


class InvalidRecordsetName(BadRequest):
    """A recordset may not have this name."""


class InvalidRecordsetLocation(BadRequest):
    """A recordset may not stand at this name."""


class InvalidZoneTransferRequest(BadRequest):
    """The transfer request cannot be accepted."""


class InvalidTtl(BadRequest):
    """The TTL is below the lowest one allowed."""


class ZoneHasSubZone(BadRequest):
    """The zone has child zones; delete them first."""


class ZoneIsShared(BadRequest):
    """The zone is shared; remove its shares first."""


class SharedZoneHasSubZone(BadRequest):
    """The project of this share owns a child zone."""


class SharedZoneHasRecordsets(BadRequest):
    """The project of this share owns recordsets in the zone."""


class InvalidTsigkey(BadRequest):
    """The resource of this TSIG key does not exist."""


class LastServerDeleteNotAllowed(BadRequest):
    """A pool keeps at least one name server record."""


class InvalidZonefile(BadRequest):
    """Malformed zonefile."""


# -- 401, 403 --

class Unauthorized(Error):
    """The request is not authenticated."""
    code = 401


class MissingProjectId(Unauthorized):
    """A project is required to create this."""


class Forbidden(Error):
    """Forbidden"""
    code = 403


class NoEndpoint(Forbidden):
    """The catalog has no endpoint of that service."""


class IllegalChild(Forbidden):
    """Another project owns an enclosing zone."""


class IllegalParent(Forbidden):
    """Another project owns a zone below this name."""


class InvalidKey(Forbidden):
    """The key does not open this transfer request."""


class InvalidTokenScope(Forbidden):
    """A project-scoped token is required."""


# -- 404 --

class NotFound(Error):
    """Not Found"""
    code = 404


class ZoneNotFound(NotFound):
    """Could not find Zone"""


class RecordsetNotFound(NotFound):
    """Could not find RecordSet"""


class PoolNotFound(NotFound):
    """Could not find Pool"""


class NoValidPoolFound(NotFound):
    """No pool fits this zone"""


class ServiceStatusNotFound(NotFound):
    """Could not find ServiceStatus"""


class QuotaNotFound(NotFound):
    """Could not find Quota"""


class TldNotFound(NotFound):
    """Could not find Tld"""


class BlacklistNotFound(NotFound):
    """Could not find Blacklist"""


class TsigkeyNotFound(NotFound):
    """Could not find TsigKey"""


class SharedZoneNotFound(NotFound):
    """Could not find SharedZone"""


class ZoneTransferRequestNotFound(NotFound):
    """Could not find ZoneTransferRequest"""


class ZoneTransferAcceptNotFound(NotFound):
    """Could not find ZoneTransferAccept"""


class ZoneImportNotFound(NotFound):
    """Could not find ZoneImport"""


class ZoneExportNotFound(NotFound):
    """Could not find ZoneExport"""


class ReportNotFound(NotFound):
    """Could not find Report"""


# -- 405, 406, 409, 413, 415 --

class MethodNotAllowed(Error):
    """The method is not allowed here."""
    code = 405


class UnsupportedAccept(Error):
    """The response cannot have the media type that Accept asks for."""
    code = 406


class UnsupportedContentType(Error):
    """The Content-Type of the request is not supported here."""
    code = 415


class Conflict(Error):
    """Duplicate"""
    code = 409
    type = 'duplicate'


class DuplicateZone(Conflict):
    """Duplicate Zone"""


class DuplicateZoneAttribute(Conflict):
    """Duplicate ZoneMaster"""


class DuplicateRecordset(Conflict):
    """Duplicate RecordSet"""


class DuplicatePool(Conflict):
    """Duplicate Pool"""


class DuplicatePoolNsRecord(Conflict):
    """Duplicate PoolNsRecord"""


class DuplicateTld(Conflict):
    """Duplicate Tld"""


class DuplicateBlacklist(Conflict):
    """Duplicate Blacklist"""


class DuplicateTsigkey(Conflict):
    """Duplicate TsigKey"""


class DuplicateSharedZone(Conflict):
    """Duplicate SharedZone"""


class DuplicateZoneTransferRequest(Conflict):
    """Duplicate ZoneTransferRequest"""


class OverQuota(Error):
    """Quota exceeded"""
    code = 413


# -- 500: the operator must change something --

class Internal(Error):
    """An unknown failure."""
    type = 'unknown'


class ConfigurationError(Internal):
    """The configuration is wrong."""
    type = 'configuration_error'


class NoFiltersConfigured(Internal):
    """No scheduler filters are configured."""


class NoServersConfigured(Internal):
    """The pool has no name server records."""


class MultiplePoolsFound(Internal):
    """Several pools fit this zone."""


class QuotaResourceUnknown(Internal):
    """There is no such quota."""


class BackendError(Internal):
    """A DNS server refused what it was told."""


# -- 503, 504: a part behind us --

class Unavailable(Error):
    """The service cannot do this now; try again.

    ``retry_after``: seconds, default 1.
    """
    code = 503


class Maintenance(Unavailable):
    """The service is under maintenance."""


class DatabaseUnavailable(Unavailable):
    """The database cannot do this now; try again."""


class BusUnavailable(Unavailable):
    """The message bus cannot do this now; try again."""


class Timeout(Error):
    """A part of the service did not answer in time."""
    code = 504
    type = 'timeout'


class RpcTimeout(Timeout):
    """A part of the service did not answer in time."""
    type = 'timeout'


class CommunicationFailure(Timeout):
    """A part of the service could not be reached."""
    type = 'communication_failure'


class KeystoneCommunicationFailure(CommunicationFailure):
    """Keystone could not be reached."""


class NeutronCommunicationFailure(CommunicationFailure):
    """Neutron could not be reached."""
