# SPDX-License-Identifier: Apache-2.0
"""Requests that schemathesis makes up from the OpenAPI document: none may end in a 5xx."""
import itertools
import logging
import warnings
from typing import Any

import hypothesis
from hypothesis import strategies
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from designate_like.api import openapi
from tests import base
from tests.interop import standalone

EXAMPLES = 25       # of each operation, and of each kind

ZONE = 'generated.example.'

# Names as a person could think of them, some of them in the zone that there is.
_NAMES = strategies.from_regex(r'(\*\.)?([a-z0-9_][a-z0-9_-]{0,8}[A-Za-z0-9]\.){1,4}',
                               fullmatch=True)
_TYPES = itertools.cycle(
    'A AAAA CNAME MX SRV TXT SPF NS PTR SSHFP SOA NAPTR CAA CERT HTTPS SVCB TLSA'.split())


class GeneratedTest(standalone.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        # What schemathesis and what it stands on say to their own developers.
        warnings.simplefilter('default')
        logging.getLogger('schemathesis').setLevel(logging.ERROR)
        self.service = self.standalone()
        self.root = f'http://127.0.0.1:{self.service.port}'
        schemathesis.openapi.format('dns-name', _NAMES | _NAMES.map(lambda name: name + ZONE))
        self.ids = self.things()

    def things(self) -> dict[str, str]:
        """Ids of things that there are, by the names of the parameters that take them."""
        ask = self.client(self.service)
        zone = ask.zone(ZONE)
        made = {
            'recordset_id': ask.record(zone, f'www.{ZONE}', '192.0.2.1'),
            'tld_id': ask('POST', '/v2/tlds', {'name': 'example'})['id'],
            'blacklist_id': ask('POST', '/v2/blacklists', {'pattern': 'evil'})['id'],
            'tsigkey_id': ask('POST', '/v2/tsigkeys', {
                'name': 'key', 'algorithm': 'hmac-sha256', 'secret': 'c2VjcmV0',
                'scope': 'POOL', 'resource_id': standalone.POOL_ID})['id'],
            'share_id': ask('POST', f'/v2/zones/{zone}/shares',
                            {'target_project_id': 'other'})['id'],
            'zone_transfer_request_id': ask(
                'POST', f'/v2/zones/{zone}/tasks/transfer_requests', {})['id'],
            'zone_export_id': ask('POST', f'/v2/zones/{zone}/tasks/export')['id'],
            'zone_import_id': ask('POST', '/v2/zones/tasks/imports', {'zonefile': ''})['id'],
            'status_id': ask('GET', '/v2/service_statuses')['service_statuses'][0]['id']}
        return {'zone_id': zone, 'pool_id': standalone.POOL_ID, **made}

    def aim(self, case: Any) -> None:
        """Make every second request one for a thing that there is, unless it would go."""
        if case.method != 'DELETE' and not case.path.endswith('abandon') and next(self.turns):
            for name in case.path_parameters or {}:
                case.path_parameters[name] = self.ids.get(name, case.path_parameters[name])
            # Without these almost all would fail at the same few rules.
            if isinstance(case.body, dict) and case.path.endswith('/recordsets'):
                case.body.update(name=f'r{self.count}.{ZONE}', type=next(_TYPES))
            elif isinstance(case.body, dict) and case.path == '/v2/zones':
                case.body.update(name=f'z{self.count}.example.', email='me@example.org',
                                 type='PRIMARY', masters=[])

    def attack(self, operation: Any, mode: schemathesis.GenerationMode) -> None:
        """Send requests of one operation, as many as EXAMPLES."""
        self.turns = itertools.cycle((True, False))

        @hypothesis.settings(max_examples=EXAMPLES, deadline=None, database=None,
                             derandomize=True, suppress_health_check=list(hypothesis.HealthCheck),
                             phases=[hypothesis.Phase.generate])
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def one(case: Any) -> None:
            self.aim(case)
            reply = case.call(base_url=self.root, timeout=30)
            case.validate_response(reply, checks=[not_a_server_error, response_schema_conformance])
            self.count += 1
        one()

    def test_no_request_makes_it_fail(self):
        schema = schemathesis.openapi.from_dict(openapi.document())
        self.count = 0
        for found in schema.get_all_operations():
            operation = found.ok()
            for mode in schemathesis.GenerationMode:
                with self.subTest(operation.label, mode=mode.value):
                    self.attack(operation, mode)
        self.assertGreater(self.count, 2000)
        self.assertNotIn('Traceback', self.service.log())
