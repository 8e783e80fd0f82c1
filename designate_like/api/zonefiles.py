# SPDX-License-Identifier: Apache-2.0
"""The URLs that take and give zone files, in pieces of bounded size whatever theirs is."""
import io
import uuid
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import BinaryIO

import webob

from designate_like import errors
from designate_like import resources
from designate_like.api import http
from designate_like.api import rest
from designate_like.api import view
from designate_like.resources import base

ZONEFILE = 'text/dns'       # RFC 4027
PIECE = 2**20               # bytes of a file that travel in one message


class _Imports(rest.Noun):
    """Imports, which have a link to their zone once it is there."""

    def show(self, request: http.Request, thing: Any) -> dict[str, Any]:
        """The document of an import."""
        places = {'zone': f'/zones/{thing.zone_id}'} if thing.zone_id else {}
        return view.item(request, self.path.format(item=thing), thing, **places)


IMPORTS = _Imports(resources.ZoneImport, 'zone_imports', '/zones/tasks/imports/{item.id}',
                   word='imports', counted=True)
EXPORTS = rest.Noun(
    resources.ZoneExport, 'zone_exports', '/zones/tasks/exports/{item.id}', word='exports',
    counted=True, links=(('export', '/zones/tasks/exports/{item.id}/export'),))


def import_zone(request: http.Request) -> webob.Response:
    """Begin to make a zone of a zone file, which is the body or stands in it.

    :raises UnsupportedContentType: for a body that is neither of text/dns nor JSON.
    """
    values: Mapping[str, Any] = {'attributes': {}}
    file: BinaryIO = request.body_file
    if request.content_type.lower() != ZONEFILE:
        if request.content_type.lower() != http.JSON:
            raise errors.UnsupportedContentType(
                f'The Content-Type of the body must be {ZONEFILE} or {http.JSON}')
        parsed = resources.ZoneImport.parse(request.document(), base.CREATE)
        file = io.BytesIO(parsed.pop('zonefile').encode())
        values = {**values, **parsed}
    thing = _send(request, file, values)
    document = IMPORTS.show(request, thing)
    return http.reply(202, document, {'Location': document['links']['self']})


def _send(request: http.Request, file: BinaryIO, values: Mapping[str, Any]) -> Any:
    """Hand a file to central: it comes as bytes, and goes as text that has one for each."""
    imports, text_id, number = request.central.zone_imports, str(uuid.uuid4()), 0
    piece = file.read(PIECE)
    while following := file.read(PIECE):
        imports.upload(request.ctx, text_id=text_id, number=number, text=piece.decode('latin-1'))
        piece, number = following, number + 1
    return imports.create(request.ctx, values=values, text_id=text_id, number=number,
                          text=piece.decode('latin-1'))


def export_zone(request: http.Request, zone_id: str) -> webob.Response:
    """Export a zone."""
    thing = request.central.zone_exports.create(request.ctx, zone_id=zone_id)
    document = EXPORTS.show(request, thing)
    return http.reply(202, document, {'Location': document['links']['self']})


@http.produces(ZONEFILE)
def content(request: http.Request, zone_export_id: str) -> webob.Response:
    """Send the zone file of an export."""
    return stream(request, request.central.zone_exports.content(
        request.ctx, zone_export_id=zone_export_id))


def stream(request: http.Request, written: Mapping[str, Any]) -> webob.Response:
    """Send a zone file that central has written, piece by piece.

    :param written: what central's ``zone_exports.content`` or ``write`` has returned.
    """
    def pieces() -> Iterator[bytes]:
        yield written['text'].encode()
        for number in range(written['more']):
            yield request.central.zone_exports.read(
                request.ctx, text_id=written['text_id'], number=number,
                last=number + 1 == written['more']).encode()
    return webob.Response(content_type=ZONEFILE, charset='UTF-8', app_iter=pieces())
