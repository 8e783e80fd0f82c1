# SPDX-License-Identifier: Apache-2.0
"""Every role a program of its own, over a real RabbitMQ and a real MariaDB."""
import signal

from tests import base
from tests.interop import deployment
from tests.interop import standalone


class DeploymentTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.site = deployment.Deployment(self.directory())
        self.addCleanup(self.site.kill_all)
        self.site.start()
        self.client = self.site.client()
        self.addCleanup(self.client.close)

    def statuses(self) -> dict[str, str]:
        """The service statuses by host; each role has a host of its own here."""
        return {each['hostname']: each['status'] for each in
                self.client('GET', '/v2/service_statuses')['service_statuses']}

    def test_a_zone_a_report_a_reload_and_a_stop(self) -> None:
        zone_id = self.client.zone('a.example.')
        self.client.record(zone_id, 'www.a.example.', '192.0.2.1')
        self.client.active(f'/v2/zones/{zone_id}')
        base.wait(lambda: self.statuses() == dict.fromkeys(deployment.ROLES, 'UP'), 20)

        for name in deployment.ROLES:
            self.site.processes[name].send_signal(signal.SIGUSR2)
            reports = self.site.directory / f'{name}.reports'
            base.wait(lambda: any('Threads' in each.read_text() for each in reports.iterdir()), 20)

        # Central's processes are replaced; their host has not stopped, and what is in force is new.
        self.site.configure('central-1', more='[DEFAULT]\nquota_zones = 1\ndebug = true\n')
        self.site.configure('central-2', more='[DEFAULT]\nquota_zones = 1\n')
        for name in ('central-1', 'central-2'):
            self.site.processes[name].send_signal(signal.SIGHUP)
        base.wait(lambda: self.client('GET', '/v2/quotas')['zones'] == 1, 20)
        base.wait(lambda: ' DEBUG ' in self.site.log('central-1'), 20)
        self.assertEqual('UP', self.statuses()['central-1'])

        # Until what is wrong there is put right, what was in force is.
        self.site.configure('central-1', more='[DEFAULT]\nquota_zones = many\n')
        self.site.processes['central-1'].send_signal(signal.SIGHUP)
        base.wait(lambda: 'quota_zones: ' in self.site.log('central-1'), 20)
        with self.assertRaises(standalone.Refused) as caught:
            self.client('POST', '/v2/zones', {'name': 'b.example.', 'email': 'me@example.org'})
        self.assertEqual(413, caught.exception.code)

        self.assertEqual(0, self.site.stop('worker-1'))
        base.wait(lambda: self.statuses()['worker-1'] == 'STOPPED', 20)
        for name in deployment.ROLES:
            self.assertNotIn('Traceback', self.site.log(name), name)
