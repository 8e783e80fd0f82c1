# SPDX-License-Identifier: Apache-2.0
"""Zone imports: taking zone files, and knowing what became of them."""
import datetime
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint
from designate_like.central import importer
from designate_like.central import owned

_BATCH = 100            # imports, or texts, that one sweep takes
_ABANDONED = 3600       # seconds after which nobody comes back for a text
_BUSY = 10              # seconds in which some of a project's imports may be done


class ZoneImports(owned.Owned):
    """What users do with imports.

    A zone file comes in pieces of Latin-1 text, which holds any bytes whatever they mean: all
    but the last by ``upload``, then the last one with ``create``.
    """
    namespace = 'zone_imports'
    kind = resources.ZoneImport
    rows = store.zone_imports
    missing = errors.ZoneImportNotFound

    def __init__(self, with_: endpoint.Collaborators) -> None:
        super().__init__(with_)
        self._importer = importer.Importer(with_)

    @store.retried
    def upload(self, ctx: context.RequestContext, text_id: str, number: int, text: str) -> None:
        """Keep a piece of a zone file.

        :param text_id: a new UUID; the import will have it as its own.
        :raises OverQuota: when too much of the project waits to be imported.
        """
        self._authorize(ctx)
        octets = text.encode('latin-1')
        self._admit(ctx, text_id, len(octets))
        with self._store.write() as tx:
            store.chunks.append(tx, text_id, number, octets, self._now(), ctx.project_id)

    @store.retried
    def create(self, ctx: context.RequestContext, values: Mapping[str, Any], text_id: str,
               number: int, text: str) -> resources.ZoneImport:
        """Begin to import a zone file, whose last piece this is.

        :raises OverQuota: when too much of the project waits to be imported.
        """
        self._authorize(ctx)
        octets, now = text.encode('latin-1'), self._now()
        self._admit(ctx, text_id, len(octets))
        zone_import = resources.ZoneImport(
            id=text_id, project_id=ctx.project_id, created_at=now, **values)
        with self._store.write() as tx:
            store.chunks.append(tx, text_id, number, octets, now, ctx.project_id)
            store.zone_imports.insert(tx, zone_import, _caller(ctx))
        self._emit(ctx, 'zone_import.create', zone_import)
        self._importer.start(zone_import.id)
        return zone_import

    def _admit(self, ctx: context.RequestContext, text_id: str, size: int) -> None:
        """Refuse a piece, and forget those before it, where a project has sent too much.

        Pieces that come at the same moment do not see each other, so it may be a little more.
        """
        most = self._options.max_pending_imports_size
        with self._store.read() as tx:
            held = store.chunks.held(tx, ctx.project_id)
        if held + size > most:
            self._forget(text_id)
            raise errors.OverQuota(
                'Quota exceeded: the zone files of a project that wait to be imported may have '
                f'{most} bytes in all. Wait until some are done.', retry_after=_BUSY)

    def sweep(self, ctx: context.RequestContext, shards: tuple[int, int]) -> int:
        """Begin again what nobody works on; forget texts that nobody came back for.

        :param shards: a half-open range, of 4096.
        Returns how many imports were begun.
        """
        now = self._now()
        with self._store.read() as tx:
            due = store.zone_imports.due(tx, tuple(shards), now, _BATCH)
            left = store.chunks.left(tx, now - datetime.timedelta(seconds=_ABANDONED), _BATCH)
        for zone_import_id in due:
            self._importer.start(zone_import_id)
        for text_id in left:
            self._forget(text_id)
        return len(due)

    @store.retried
    def _forget(self, text_id: str) -> None:
        with self._store.write() as tx:
            store.chunks.delete(tx, text_id)

    def _delete(self, tx: sqlalchemy.Connection, thing: resources.ZoneImport) -> None:
        """One that is under way loses its claim by that, and comes to nothing."""
        super()._delete(tx, thing)
        store.chunks.delete(tx, thing.id)

    @staticmethod
    def _authorize(ctx: context.RequestContext) -> None:
        policy.authorize(ctx, 'create_zone_import', policy.target(ctx.project_id))
        if not ctx.project_id:
            raise errors.MissingProjectId()


def _caller(ctx: context.RequestContext) -> dict[str, Any]:
    """Who asked, for a time when the token may have expired, which need not be kept then."""
    return {**ctx.to_dict(), 'auth_token': None, 'service_catalog': []}
