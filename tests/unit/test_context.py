# SPDX-License-Identifier: Apache-2.0
"""Who asks: what survives the way over the bus, and what acting for the service changes."""
import json

from designate_like import context
from tests import base


class ContextTest(base.TestCase):

    def test_everything_survives_the_bus(self) -> None:
        sent = context.RequestContext(
            user_id='u', project_id='p', roles=['member'], user_name='me', project_name='mine',
            user_domain_id='d', project_domain_id='e', request_id='req-1',
            global_request_id='req-2', auth_token='secret', all_tenants=True,
            edit_managed_records=True, hard_delete=True, delete_shares=True, hide_counts=True,
            sudo='other', client_addr='192.0.2.1',
            service_catalog=[{'type': 'identity', 'endpoints': []}])
        got = context.RequestContext.from_dict(json.loads(json.dumps(sent.to_dict())))
        self.assertEqual(vars(sent), vars(got))

    def test_modifiers_are_off_by_default(self) -> None:
        got = context.RequestContext.from_dict({'project_id': 'p'})
        self.assertEqual(
            (False, False, False, False, False, None, None, False),
            (got.all_tenants, got.edit_managed_records, got.hard_delete, got.delete_shares,
             got.hide_counts, got.sudo, got.client_addr, got.is_admin))

    def test_elevated_is_a_copy_of_the_same_request(self) -> None:
        ctx = context.RequestContext(project_id='p', roles=['reader'], request_id='req-1')
        other = ctx.elevated(all_tenants=True, project_id=None)
        other.roles.append('more')
        self.assertEqual((True, True, None, 'req-1'),
                         (other.is_admin, other.all_tenants, other.project_id, other.request_id))
        self.assertEqual((False, False, 'p', ['reader']),
                         (ctx.is_admin, ctx.all_tenants, ctx.project_id, ctx.roles))

    def test_the_service_sees_every_project(self) -> None:
        one, two = context.admin(), context.admin()
        self.assertTrue(one.is_admin and one.all_tenants)
        self.assertNotEqual(one.request_id, two.request_id)
