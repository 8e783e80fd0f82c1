# SPDX-License-Identifier: Apache-2.0
"""Transfers of zones between projects: what moves, what is counted, and who may."""
import re
import threading

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.store import tables
from tests.functional.central import fixture


class TransferTestCase(fixture.TestCase):

    def offer(self, zone: resources.Zone, **values: str) -> resources.ZoneTransferRequest:
        return self.requests.create(self.alpha, zone.id, values)

    def accept(self, request: resources.ZoneTransferRequest,
               ctx: context.RequestContext | None = None) -> resources.ZoneTransferAccept:
        return self.accepts.create(ctx or self.beta, {
            'zone_transfer_request_id': request.id, 'key': request.key})

    def used(self, project_id: str) -> int:
        with self.store.read() as tx:
            return tx.execute(tables.usages.select().with_only_columns(
                tables.usages.c.used).where(
                tables.usages.c.project_id == project_id)).scalar() or 0


class MoveTest(TransferTestCase):

    def test_everything_moves_and_name_servers_see_nothing_of_it(self):
        zone = self.zone()
        for index in range(3):
            self.recordset(zone, f'r{index}.example.org.')
        self.settle(zone)
        before, content = self.row(zone), self.content(zone)
        self.clock.forward(5)
        self.worker.casts.clear()
        self.accept(self.offer(zone))
        after = self.row(zone)
        self.assertEqual(before.replace(project_id='beta', version=before.version + 1,
                                        updated_at=self.clock.now), after)
        self.assertEqual({'beta'}, {each.project_id for each in self.rows(zone)})
        self.assertEqual((content, []), (self.content(zone), self.worker.casts))
        self.assertEqual((0, 1), (self.used('alpha'), self.used('beta')))

    def test_what_guests_own_stays_theirs_and_the_accepter_is_no_guest_any_more(self):
        zone = self.zone()
        for target in ('beta', 'gamma'):
            self.shared_zones.create(self.alpha, zone.id, {'target_project_id': target})
            self.recordset(zone, f'{target}.example.org.', ctx=fixture.user(target))
        self.recordset(zone, 'alpha.example.org.')
        self.recordset(zone, 'operator.example.org.', ctx=fixture.ADMIN)
        self.accept(self.offer(zone))
        self.assertEqual({'alpha': 'beta', 'beta': 'beta', 'gamma': 'gamma', 'operator': 'beta'}, {
            each.name.partition('.')[0]: each.project_id for each in self.rows(zone, type='A')})
        shares = self.shared_zones.find(self.beta, zone.id, {}, None, 20, 'created_at', 'asc')
        self.assertEqual([('beta', 'gamma')], [
            (each.project_id, each.target_project_id) for each in shares['items']])

    def test_a_full_project(self):
        self.set('quota_zones', 1)
        zone = self.zone()
        request = self.offer(zone)
        own = self.zone('own.example.', self.beta)
        with self.refused(errors.OverQuota):
            self.accept(request)
        self.assertEqual(('alpha', 1, 1), (
            self.row(zone).project_id, self.used('alpha'), self.used('beta')))
        self.assertEqual('ACTIVE', self.requests.get(self.alpha, request.id).status)
        self.remove(own)
        self.accept(request)
        self.zone('new.example.')
        self.assertEqual((1, 1), (self.used('alpha'), self.used('beta')))

    def test_taking_back_what_is_ones_own(self):
        self.set('quota_zones', 1)
        zone = self.zone()
        self.accept(self.offer(zone), self.alpha)
        self.assertEqual(('alpha', 1), (self.row(zone).project_id, self.used('alpha')))

    def test_one_of_many_takes_it(self):
        zone = self.zone()
        request = self.offer(zone)
        taken, refused = [], []

        def take(project_id: str) -> None:
            try:
                taken.append(self.accept(request, fixture.user(project_id)).project_id)
            except errors.InvalidZoneTransferRequest:
                refused.append(project_id)
        threads = [threading.Thread(target=take, args=(f'p{n}',)) for n in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual((1, 7), (len(taken), len(refused)))
        self.assertEqual(taken[0], self.row(zone).project_id)
        self.assertEqual([0] * 7, [self.used(each) for each in refused])

    def test_a_zone_that_goes(self):
        zone = self.zone()
        request = self.offer(zone)
        self.zones.delete(self.alpha, zone.id)
        with self.refused(errors.BadRequest):
            self.accept(request)
        self.upkeep.removed(fixture.ADMIN, zone.id)
        for ask in (self.accept, lambda each: self.requests.get(self.alpha, each.id),
                    lambda each: self.requests.delete(self.alpha, each.id)):
            with self.refused(errors.ZoneTransferRequestNotFound):
                ask(request)
        self.clock.forward(10)
        self.assertEqual(1, self.upkeep.purge(fixture.ADMIN, fixture.ALL_SHARDS, 1))
        with self.store.read() as tx:
            self.assertEqual([], tx.execute(tables.zone_transfer_requests.select()).all())


class RequestTest(TransferTestCase):

    def test_keys(self):
        keys = set()
        for index in range(5):
            request = self.offer(self.zone(f'z{index}.example.'))
            self.assertTrue(re.fullmatch('[A-Z0-9]{8}', request.key), request.key)
            keys.add(request.key)
        self.assertEqual(5, len(keys))

    def test_the_next_owner_may_offer_it_again(self):
        zone = self.zone()
        first = self.offer(zone)
        self.accept(first)
        second = self.requests.create(self.beta, zone.id, {})
        self.accept(second, self.alpha)
        self.assertEqual('alpha', self.row(zone).project_id)
        self.assertEqual('COMPLETE', self.requests.get(self.alpha, first.id).status)

    def test_what_the_owner_of_an_offer_may_see_of_it(self):
        request = self.offer(self.zone(), target_project_id='beta')
        for ctx, key in ((self.alpha, request.key), (fixture.ADMIN, request.key),
                         (self.beta, None)):
            self.assertEqual(key, self.requests.get(ctx, request.id).key)
            found = self.requests.find(ctx, {}, None, 20, 'created_at', 'asc')
            self.assertEqual([key], [each.key for each in found['items']])
        with self.refused(errors.Forbidden):
            self.requests.get(fixture.user('gamma'), request.id)

    def test_without_a_project_there_is_nobody_to_own_the_zone(self):
        request = self.offer(self.zone())
        with self.refused(errors.MissingProjectId):
            self.accept(request, fixture.user(None))

    def test_deleting_a_request_deletes_its_accept(self):
        zone = self.zone()
        request = self.offer(zone)
        accept = self.accept(request)
        self.assertIsNone(self.accepts.get(self.beta, zone_transfer_accept_id=accept.id).key)
        self.requests.delete(self.alpha, request.id)
        with self.refused(errors.ZoneTransferAcceptNotFound):
            self.accepts.get(self.beta, zone_transfer_accept_id=accept.id)
        with self.store.read() as tx:
            self.assertEqual('beta', store.zones.get(tx, zone.id).project_id)
