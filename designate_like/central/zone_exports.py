# SPDX-License-Identifier: Apache-2.0
"""Zone exports: the permission to fetch zones as zone files, and the files."""
import uuid
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint
from designate_like.central import owned
from designate_like.central import rules
from designate_like.resources import zone_imports
from designate_like.resources import zonefile

PIECE = 2**20       # characters of a file that travel in one message, give or take a record


class ZoneExports(owned.Owned):
    """What users do with exports.

    A file is written in one go, from one snapshot. What does not fit the answer is kept in
    pieces, for whoever has the answer to read them one by one.
    """
    namespace = 'zone_exports'
    kind = resources.ZoneExport
    rows = store.zone_exports
    missing = errors.ZoneExportNotFound

    @store.retried
    def create(self, ctx: context.RequestContext, zone_id: str) -> resources.ZoneExport:
        """Export a zone: the file is made when it is fetched.

        :raises OverQuota: when the zone is larger than its project may export.
        """
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id)
            policy.authorize(ctx, 'create_zone_export', endpoint.zone_target(zone))
            rules.within(rules.limits(tx, self._conf, zone.project_id), 'api_export_size',
                         zone.recordset_count)
            export = resources.ZoneExport(
                id=str(uuid.uuid4()), zone_id=zone.id, created_at=self._now(),
                project_id=ctx.project_id or zone.project_id)
            self.rows.repository.insert(tx, export)
        self._emit(ctx, 'zone_export.create', export)
        return export

    def content(self, ctx: context.RequestContext, zone_export_id: str) -> Mapping[str, Any]:
        """The file of an export, as :meth:`write` returns it."""
        with self._store.read() as tx:
            export = self._seen(tx, ctx, zone_export_id=zone_export_id)
        policy.authorize(ctx, 'zone_export', policy.target(export.project_id))
        if export.status != zone_imports.COMPLETE:
            raise errors.BadRequest(f'The export is {export.status}, not COMPLETE')
        return self.write(ctx, export.zone_id)

    def write(self, ctx: context.RequestContext, zone_id: str) -> Mapping[str, Any]:
        """A zone that the caller sees as a zone file, of one version.

        Returns its first piece (text), and by which name (text_id) how many more pieces (more)
        are to be read.
        """
        first, text_id, more = None, str(uuid.uuid4()), 0
        with self._store.read() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id)
            policy.authorize(ctx, 'zone_export', endpoint.zone_target(zone))
            for piece in _pieces(tx, zone):
                if first is None:
                    first = piece
                else:
                    self._keep(text_id, more, piece)
                    more += 1
        return {'text': first, 'text_id': text_id, 'more': more}

    @store.retried
    def _keep(self, text_id: str, number: int, piece: str) -> None:
        with self._store.write() as tx:
            store.chunks.append(tx, text_id, number, piece.encode(), self._now())

    @store.retried
    def read(self, ctx: context.RequestContext, text_id: str, number: int, last: bool) -> str:
        """A further piece of a file, counted from 0; with the last one all are forgotten."""
        policy.authorize(ctx, 'zone_export', policy.target(ctx.project_id))
        with self._store.read() as tx:
            piece = store.chunks.get(tx, text_id, number)
        if piece is None:
            raise errors.NotFound()
        if last:
            with self._store.write() as tx:
                store.chunks.delete(tx, text_id)
        return piece.decode()


def _pieces(tx: sqlalchemy.Connection, zone: resources.Zone) -> Iterator[str]:
    held, size = [zonefile.head(zone)], 0
    for each in store.recordsets.stream(tx, zone.id):
        for line in zonefile.lines(each.name, each.type, each.ttl, each.wire):
            held.append(line)
            size += len(line)
        if size > PIECE:
            yield ''.join(held)
            held, size = [], 0
    yield ''.join(held)
