# SPDX-License-Identifier: Apache-2.0
"""Carrying out zone imports: in the background, once each, whichever central dies meanwhile.

What is to be done is a row (:mod:`store.zone_imports`). Whoever works on it holds a claim, and
puts off its end while it works; if that central dies, the claim runs out, and a sweep begins the
import again. The zone and the end of the import are one transaction, which fails for
someone whose claim is lost.
"""
import contextlib
import datetime
import logging
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import catalog
from designate_like.central import creation
from designate_like.central import endpoint
from designate_like.central import rules
from designate_like.central import serials
from designate_like.resources import names
from designate_like.resources import rdata
from designate_like.resources import zone_imports
from designate_like.resources import zonefile

LOG = logging.getLogger(__name__)

CLAIM = 10.0        # seconds that a claim is good for
KEEP = 3.0          # seconds after which its end is put off again
MOST_ATTEMPTS = 5   # after that the import itself is what kills central

_UNDEFINED = 'An undefined error occurred.'


class Importer(endpoint.Endpoint):
    """Works on imports; it has no methods on the bus."""

    def __init__(self, with_: endpoint.Collaborators) -> None:
        super().__init__(with_)
        self._creation = creation.Creation(self._conf)
        self._background = with_.background
        self._lock = threading.Lock()
        self._begun: set[str] = set()       # Here, or waiting for a thread.

    def start(self, zone_import_id: str) -> None:
        """Begin an import when a thread is free, unless that has been asked for already."""
        with self._lock:
            if zone_import_id in self._begun:
                return
            self._begun.add(zone_import_id)
        self._background.submit(self._run, zone_import_id)

    def _run(self, zone_import_id: str) -> None:
        try:
            job = self._claim(zone_import_id)
            if job is not None:
                with self._kept(job):
                    self._work(job)
        except errors.ZoneImportNotFound:
            LOG.info('Import %s was deleted, or taken over by another central', zone_import_id)
        except errors.Error as problem:
            LOG.warning('Import %s waits for the next sweep: %s', zone_import_id, problem.message)
        except Exception:
            LOG.exception('Import %s waits for the next sweep', zone_import_id)
        finally:
            with self._lock:
                self._begun.discard(zone_import_id)

    # -- the claim --

    @store.retried
    def _claim(self, zone_import_id: str) -> store.zone_imports.Job | None:
        now = self._now()
        with self._store.write() as tx:
            return store.zone_imports.claim(tx, zone_import_id, str(uuid.uuid4()), now,
                                            self._end_of_claim())

    @contextlib.contextmanager
    def _kept(self, job: store.zone_imports.Job) -> Iterator[None]:
        """Hold the claim, however long it takes."""
        done = threading.Event()

        def keep() -> None:
            while not done.wait(KEEP):
                try:
                    self._keep(job)
                except errors.Error as problem:
                    LOG.warning('The claim on import %s could not be kept: %s',
                                job.zone_import.id, problem.message)

        thread = threading.Thread(target=keep, name='import-claim', daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    @store.retried
    def _keep(self, job: store.zone_imports.Job) -> None:
        with self._store.write() as tx:
            store.zone_imports.keep(tx, job, self._end_of_claim())

    def _end_of_claim(self) -> datetime.datetime:
        return self._now() + datetime.timedelta(seconds=CLAIM)

    # -- the work --

    def _work(self, job: store.zone_imports.Job) -> None:
        ctx = context.RequestContext.from_dict(job.caller)
        try:
            if job.attempts > MOST_ATTEMPTS:
                raise errors.BadRequest(f'{MOST_ATTEMPTS} attempts did not come to an end')
            zone, listing, ended = self._finish(ctx, job, self._read(ctx, job))
        except (errors.ZoneImportNotFound, errors.Unavailable):
            raise
        except Exception as problem:
            ended = self._fail(job, _sentence(problem))
        else:
            endpoint.deploy(self._worker, ctx, listing, zone)
            self._emit(ctx, 'zone.create', zone)
        self._emit(ctx, 'zone_import.update', ended, job.zone_import)

    def _read(self, ctx: context.RequestContext, job: store.zone_imports.Job) -> zonefile.Zonefile:
        """Read the file, and no further than the quota goes."""
        with self._store.read() as tx:
            octets = store.chunks.whole(tx, job.zone_import.id)
            limits = rules.limits(tx, self._conf, ctx.project_id)
        file = zonefile.read(octets, self._conf.supported_record_type,
                             lambda records: rules.within(limits, 'zone_records', records))
        self._creation.authorize(ctx, file.name)
        rules.within(limits, 'zone_recordsets', len(file.recordsets) + 2)       # SOA and NS too
        rules.within(limits, 'recordset_records',
                     max((len(each.records) for each in file.recordsets), default=0))
        low = min((each for each in file.recordsets if each.ttl is not None),
                  key=lambda each: each.ttl, default=None)
        if low is not None:
            with _in_line(low.line):
                rules.ttl(ctx, low.ttl, self._options.min_ttl)
        return file

    @store.retried
    def _finish(
            self, ctx: context.RequestContext, job: store.zone_imports.Job,
            file: zonefile.Zonefile,
    ) -> tuple[resources.Zone, resources.Zone | None, resources.ZoneImport]:
        """Make the zone with all its content, as one version, and have it in its catalog.

        :raises ZoneImportNotFound: when the claim is lost.
        """
        now = self._now()
        with self._store.write() as tx:
            zone = self._creation.create(
                tx, ctx, {'name': file.name, 'email': file.email, 'ttl': file.ttl,
                          'attributes': job.zone_import.attributes}, now,
                serial=serials.imported(now, file.serial), refresh=file.refresh,
                retry=file.retry, expire=file.expire, minimum=file.minimum)
            _check_children(tx, zone, file)
            store.recordsets.insert_many(tx, _recordset(zone), _rows(file))
            counts = {'recordset_count': zone.recordset_count + len(file.recordsets),
                      'record_count': sum(len(each.records) for each in file.recordsets)}
            store.zones.update(tx, zone.id, **counts)
            ended = _end(tx, job, updated_at=now, status=zone_imports.COMPLETE,
                         message=f'{zone.name} imported', zone_id=zone.id)
            listing = catalog.join(tx, zone, now)
        return zone.replace(**counts), listing, ended

    @store.retried
    def _fail(self, job: store.zone_imports.Job, message: str) -> resources.ZoneImport:
        with self._store.write() as tx:
            return _end(tx, job, updated_at=self._now(), status=zone_imports.ERROR,
                        message=message[:1000])


def _end(tx: sqlalchemy.Connection, job: store.zone_imports.Job,
         **changes: Any) -> resources.ZoneImport:
    """Write what became of the import.

    :raises ZoneImportNotFound: when the claim is lost, or the import was deleted.
    """
    ended = job.zone_import.replace(version=job.zone_import.version + 1, **changes)
    if not store.zone_imports.finish(tx, job, ended):
        raise errors.ZoneImportNotFound()
    store.chunks.delete(tx, ended.id)
    return ended


def _check_children(tx: sqlalchemy.Connection, zone: resources.Zone,
                    file: zonefile.Zonefile) -> None:
    """Refuse content that belongs in a zone below this one, which is there already."""
    children = {each.key: each.name for each in store.zones.all_below(tx, zone.key)}
    for each in file.recordsets if children else ():
        for enclosing in (each.name, *names.parents(each.name)):
            child = children.get(names.key(enclosing))
            if child is not None:
                with _in_line(each.line):
                    raise errors.InvalidRecordsetLocation(
                        f'RecordSet belongs in a child zone: {child}')


def _recordset(zone: resources.Zone) -> resources.Recordset:
    """What all recordsets of a new zone have in common."""
    return resources.Recordset(
        zone_id=zone.id, project_id=zone.project_id, created_at=zone.created_at,
        serial=zone.serial, born_serial=zone.serial)


def _rows(file: zonefile.Zonefile) -> Iterator[dict[str, Any]]:
    """What each recordset has of its own, as columns."""
    for each in file.recordsets:
        yield {'id': str(uuid.uuid4()), 'name': each.name, 'key': each.key, 'type': each.type,
               'ttl': each.ttl, 'records': list(each.records.values()),
               'wire': rdata.join(list(each.records))}


@contextlib.contextmanager
def _in_line(line: int) -> Iterator[None]:
    """Add to an error which line of the file it is about."""
    try:
        yield
    except errors.BadRequest as problem:
        raise type(problem)(f'{problem.message} (line {line})') from None


def _sentence(problem: Exception) -> str:
    """What an import says when it has failed; clients look for how it begins."""
    if isinstance(problem, errors.InvalidZonefile | errors.InvalidTtl):
        return problem.message
    if isinstance(problem, errors.DuplicateZone):
        return 'Duplicate zone.'
    if isinstance(problem, errors.OverQuota):
        return f'Quota exceeded during zone import. {problem.message}'
    if isinstance(problem, errors.Error) and problem.code < errors.Internal.code:
        return f"{_UNDEFINED} {problem.message.rstrip('.')}."
    LOG.error('An import failed', exc_info=problem)
    return _UNDEFINED
