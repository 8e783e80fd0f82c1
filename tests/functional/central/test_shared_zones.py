# SPDX-License-Identifier: Apache-2.0
"""Shared zones: what guests may, by the policy's word, and when a share may end."""
from designate_like import context
from designate_like import errors
from designate_like import resources
from tests.functional.central import fixture


class SharedTestCase(fixture.TestCase):

    def share(self, zone: resources.Zone, target: str = 'beta',
              ctx: context.RequestContext | None = None) -> resources.SharedZone:
        return self.shared_zones.create(ctx or self.alpha, zone.id, {'target_project_id': target})

    def seen(self, ctx: context.RequestContext, **filters: str) -> list[tuple[str, bool]]:
        found = self.zones.find(ctx, filters, None, 20, 'name', 'asc')
        self.assertEqual(len(found['items']), found['total'])
        return [(each.name, each.shared) for each in found['items']]


class VisibilityTest(SharedTestCase):

    def test_lists_hold_shared_zones_and_count_them(self):
        shared = self.zone('shared.example.')
        self.zone('kept.example.')
        self.zone('theirs.test.', self.beta)
        self.share(shared)
        self.assertEqual([('kept.example.', False), ('shared.example.', True)],
                         self.seen(self.alpha))
        self.assertEqual([('shared.example.', True), ('theirs.test.', False)],
                         self.seen(self.beta))
        self.assertEqual([('shared.example.', True)], self.seen(self.beta, name='*.example.'))
        self.assertEqual([], self.seen(fixture.user('gamma')))
        self.assertEqual(3, len(self.seen(fixture.ADMIN)))

    def test_pages_go_through_shared_zones(self):
        for index in range(3):
            self.share(self.zone(f'shared{index}.example.'))
            self.zone(f'own{index}.test.', self.beta)
            self.clock.forward(1)
        marker, names = None, []
        while True:
            items = self.zones.find(self.beta, {}, marker, 2, 'created_at', 'asc')['items']
            if not items:
                break
            names += [each.name for each in items]
            marker = items[-1].id
        self.assertEqual(6, len(names))
        self.assertEqual(6, len(set(names)))

    def test_only_a_guest_is_one_to_the_policy(self):
        zone = self.zone()
        self.share(zone)
        self.assertEqual((True, False), (self.zones.get(self.alpha, zone.id).shared,
                                         self.zones.get(self.alpha, zone.id).guest))
        self.assertTrue(self.zones.get(self.beta, zone.id).guest)
        # That it is shared gives members of the owner's project no more than they had.
        with self.refused(errors.Forbidden):
            self.recordset(zone, ctx=fixture.user('alpha', 'reader'))
        self.recordset(zone, ctx=fixture.user('beta', 'none'))

    def test_a_list_of_recordsets_needs_the_role_of_a_reader(self):
        zone = self.zone()
        self.share(zone)
        asked = (zone.id, {}, None, 20, 'name', 'asc', True)
        self.assertEqual(2, self.recordsets.find(self.beta, *asked)['total'])
        with self.refused(errors.Forbidden):
            self.recordsets.find(fixture.user('beta', 'none'), *asked)

    def test_the_quota_is_the_owners(self):
        zone = self.zone()
        self.share(zone)
        self.quotas.update(fixture.ADMIN, 'alpha', {'zone_records': 1})
        self.recordset(zone, ctx=self.beta)
        with self.refused(errors.OverQuota):
            self.recordset(zone, 'more.example.org.', ctx=self.beta)

    def test_a_secondary_zone_is_not_for_guests(self):
        zone = self.zone(type='SECONDARY', masters=['192.0.2.1'])
        self.share(zone)
        with self.refused(errors.Forbidden):
            self.recordset(zone, ctx=self.beta)

    def test_an_admin_shares_for_the_owner(self):
        zone = self.zone()
        share = self.share(zone, ctx=fixture.ADMIN)
        self.assertEqual('alpha', share.project_id)
        self.assertEqual(share, self.shared_zones.get(self.alpha, zone.id, share.id))
        with self.refused(errors.ZoneNotFound):
            self.share(zone, 'gamma', fixture.user('operators', 'admin'))

    def test_a_share_of_another_zone(self):
        one, two = self.zone('one.example.'), self.zone('two.example.')
        share = self.share(one)
        with self.refused(errors.SharedZoneNotFound):
            self.shared_zones.get(self.alpha, two.id, share.id)
        with self.refused(errors.SharedZoneNotFound):
            self.shared_zones.delete(self.alpha, two.id, share.id)


class EndTest(SharedTestCase):

    def test_a_guest_that_owns_a_child_zone(self):
        zone = self.zone()
        share = self.share(zone)
        child = self.zone('child.example.org.')
        request = self.requests.create(self.alpha, child.id, {})
        self.accepts.create(self.beta, {
            'zone_transfer_request_id': request.id, 'key': request.key})
        with self.refused(errors.SharedZoneHasSubZone):
            self.shared_zones.delete(self.alpha, zone.id, share.id)
        self.remove(child)
        self.shared_zones.delete(self.alpha, zone.id, share.id)
        with self.refused(errors.ZoneNotFound):
            self.zones.get(self.beta, zone.id)

    def test_the_recordsets_of_others_do_not_matter(self):
        zone = self.zone()
        shares = [self.share(zone, target) for target in ('beta', 'gamma')]
        self.recordset(zone, ctx=self.beta)
        self.shared_zones.delete(self.alpha, zone.id, shares[1].id)
        with self.refused(errors.SharedZoneHasRecordsets):
            self.shared_zones.delete(self.alpha, zone.id, shares[0].id)

    def test_the_owner_may_delete_what_a_guest_has_made(self):
        zone = self.zone()
        share = self.share(zone)
        made = self.recordset(zone, ctx=self.beta)
        self.recordsets.delete(self.alpha, zone.id, made.id)
        self.shared_zones.delete(self.alpha, zone.id, share.id)

    def test_a_zone_with_children_keeps_its_shares(self):
        zone = self.zone()
        share = self.share(zone)
        self.zone('child.example.org.')
        owner = fixture.user('alpha', delete_shares=True)
        with self.refused(errors.ZoneHasSubZone):
            self.zones.delete(owner, zone.id)
        self.assertEqual(share, self.shared_zones.get(self.alpha, zone.id, share.id))

    def test_abandoning_gives_up_shares_where_asked(self):
        zone = self.zone()
        self.share(zone)
        with self.refused(errors.ZoneIsShared):
            self.zone_tasks.abandon(fixture.ADMIN, zone.id)
        self.zone_tasks.abandon(fixture.user('x', 'admin', all_tenants=True, delete_shares=True),
                                zone.id)
        self.assertEqual([], self.seen(self.beta))
