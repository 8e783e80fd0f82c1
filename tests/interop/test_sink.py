# SPDX-License-Identifier: Apache-2.0
"""The sink over a real RabbitMQ: whoever dies, what Nova has said becomes a record."""
import os
import signal
import subprocess
import sys
import textwrap
import uuid
from typing import Any

import dns.exception
import dns.message
import dns.query
import oslo_messaging

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import rpc
from designate_like.manage import database
from tests import base
from tests.interop import rabbitmq
from tests.interop import server
from tests.interop import standalone
from tests.unit.sink import notifications

NAME = 'my-server.example.org.'
CREATED = 'compute.instance.create.end'

# A handler that somebody else has written, in a distribution of its own.
LEASE = '''
from designate_like.conf import sink
from designate_like.sink import handler

class Lease(handler.Handler):
    events = ('lease.granted',)
    resource_type = 'lease'
    OPTIONS = sink.naming('leases', 'nothing')

    def wanted(self, notification, zone):
        return handler.Wanted(self.owner(notification.payload['id']), [
            {'name': 'lease.' + zone, 'type': 'A', 'records': ['192.0.2.7']}])
'''


class SinkTest(base.TestCase):
    """Every test has a virtual host, a topic and a zone of its own."""

    def setUp(self) -> None:
        super().setUp()
        self.url = rabbitmq.shared().url()
        self.path, self.mark = self.directory(), uuid.uuid4().hex[:8]
        self.port = server.free_port()
        self.metrics = standalone.Metrics()
        self.zone_id = str(uuid.uuid4())
        self.running: dict[str, subprocess.Popen] = {}
        self.addCleanup(self.kill_all)
        self.file = self.path / 'designate_like.conf'
        self.configure()
        conf.CONF(['--config-file', str(self.file)], project=conf.PROJECT)
        self.addCleanup(conf.CONF.reset)
        ns1 = resources.NsRecord(hostname='ns1.example.com.', priority=1)
        database.sync(conf.CONF, database.default_pool(conf.CONF, ns_records=[ns1]))
        transport = rpc.get_transport(conf.CONF)
        self.addCleanup(transport.cleanup)
        self.central = rpc.Client(transport, f'central-{self.mark}', timeout=2)
        self.run_role('central')
        self.zone_id = base.wait(self.make_zone, 40)
        self.configure()
        self.run_role('mdns')
        # The queue of a service that is there before the sink: classic, as Nova makes it.
        self.notifications = oslo_messaging.get_notification_transport(conf.CONF, (
            f'{self.url}?rabbit_quorum_queue=false'))
        self.addCleanup(self.notifications.cleanup)

    def make_zone(self) -> str | None:
        """Create the zone, once central is there."""
        try:
            return self.central.zones.create(context.admin(project_id='alpha'), values={
                'name': 'example.org.', 'email': 'me@example.org'}).id
        except (errors.Timeout, errors.Unavailable):
            return None

    def configure(self) -> None:
        """Write the configuration."""
        handler = textwrap.dedent(f'''
            zone_id = {self.zone_id}
            notification_topics = topic-{self.mark}
            ''')
        self.file.write_text(textwrap.dedent(f'''\
            [DEFAULT]
            transport_url = {self.url}
            state_path = {self.path}
            host = {self.mark}
            rpc_response_timeout = 3
            debug = true
            [service:central]
            workers = 1
            topic = central-{self.mark}
            [service:mdns]
            workers = 1
            listen = 127.0.0.1:{self.port}
            [service:sink]
            workers = 1
            enabled_notification_handlers = nova_fixed, lease
            [storage:sqlalchemy]
            connection = sqlite:///{self.path}/test.sqlite
            ''') + self.metrics.settings + f'[handler:nova_fixed]{handler}[handler:lease]{handler}')

    def run_role(self, name: str) -> None:
        """Start a role in a process of its own."""
        packages = self.path / 'packages'
        info = packages / 'lease-1.dist-info'
        info.mkdir(parents=True, exist_ok=True)
        (packages / 'lease.py').write_text(LEASE)
        (info / 'METADATA').write_text('Metadata-Version: 2.1\nName: lease\nVersion: 1\n')
        (info / 'entry_points.txt').write_text(
            '[designate.notification.handler]\nlease = lease:Lease\n')
        paths = [str(packages), os.environ.get('PYTHONPATH', '')]
        with (self.path / f'{name}.log').open('ab') as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, '-m', f'designate_like.cmd.{name}', '--config-file', self.file],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, 'PYTHONPATH': os.pathsep.join(filter(None, paths))})

    def kill(self, name: str) -> None:
        """Let all processes of a role die at once."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def publish(self, event: str = CREATED, payload: Any = notifications.CREATED,
                exchange: str = 'nova') -> None:
        """Send a notification as the service with that exchange does."""
        self.notifications._driver._default_exchange = exchange
        oslo_messaging.Notifier(
            self.notifications, f'{exchange}.host', driver='messagingv2',
            topics=[f'topic-{self.mark}']).info(notifications.CONTEXT, event, payload)

    def served(self, *records: str, name: str = NAME, timeout: float = 40) -> None:
        """Wait until mdns answers with these records."""
        def answers() -> list[str] | None:
            try:
                reply = dns.query.udp(dns.message.make_query(name, 'A'), '127.0.0.1', 1, self.port)
            except (dns.exception.Timeout, OSError):
                return None
            return [each.to_text() for rrset in reply.answer for each in rrset]
        try:
            base.wait(lambda: answers() == list(records), timeout, 0.05)
        except AssertionError:
            raise AssertionError(self.log('sink') + self.log('central')) from None

    def log(self, name: str) -> str:
        return (self.path / f'{name}.log').read_text()

    def test_what_nova_says_is_served(self) -> None:
        self.publish()      # Nova was there before.
        self.run_role('sink')
        self.served('10.1.2.3')
        self.publish('compute.instance.delete.start', notifications.DELETED)
        self.served()
        self.publish('lease.granted', {'id': 'l-1'}, exchange='leases')
        self.served('192.0.2.7', name='lease.example.org.')
        counted = 'designate_like_notifications_total{handler="%s",outcome="ok"} %s'
        for line in (counted % ('nova_fixed', 2.0), counted % ('lease', 1.0)):
            base.wait(lambda: line in self.metrics.lines('sink'))

    def test_a_sink_that_dies_before_it_acknowledges(self) -> None:
        self.kill('central')    # So what the first sink asks for cannot be done.
        self.run_role('sink')
        self.publish()
        base.wait(lambda: 'nova_fixed hears' in self.log('sink'), 40, 0.1)
        self.kill('sink')
        self.run_role('central')
        self.run_role('sink')
        self.served('10.1.2.3')

    def test_a_queue_that_is_of_another_kind(self) -> None:
        self.notifications = oslo_messaging.get_notification_transport(
            conf.CONF, f'{self.url}?rabbit_quorum_queue=true')
        self.addCleanup(self.notifications.cleanup)
        self.publish('lease.granted', {'id': 'l-2'}, exchange='durable-leases')
        self.file.write_text(self.file.read_text().replace(
            '[handler:lease]', '[handler:lease]\ncontrol_exchange = durable-leases'))
        self.run_role('sink')
        base.wait(lambda: 'cannot listen to notifications' in self.log('sink'), 40, 0.1)
        self.assertIn('PRECONDITION_FAILED', self.log('sink'))
        self.kill('sink')
        self.file.write_text(self.file.read_text().replace('nova_fixed, lease', 'lease') + (
            '[oslo_messaging_notifications]\n'
            f'transport_url = {self.url}?rabbit_quorum_queue=true\n'))
        self.run_role('sink')
        self.served('192.0.2.7', name='lease.example.org.')

    def test_it_waits_for_central(self) -> None:
        self.kill('central')
        self.run_role('sink')
        self.publish()
        base.wait(lambda: 'Notifications wait for central' in self.log('sink'), 40, 0.1)
        self.run_role('central')
        self.served('10.1.2.3')
        self.assertEqual(1, self.log('sink').count('Notifications wait for central'))
