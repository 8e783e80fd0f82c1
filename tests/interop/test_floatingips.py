# SPDX-License-Identifier: Apache-2.0
"""Reverse floating IPs with a real Neutron, a real Keystone, and the unmodified clients."""
import pathlib
import tempfile
import warnings
from typing import ClassVar

import dns.message
import dns.query
import openstack

from tests import base
from tests.interop import cli
from tests.interop import cloud
from tests.interop import keystone
from tests.interop import neutron
from tests.interop import standalone


class FloatingipsTest(cloud.TestCase):
    """A network with floating IPs, of which the project demo takes some."""
    neutron: ClassVar[neutron.Neutron]
    external: ClassVar[str]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        directory = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.neutron = neutron.Neutron(directory, cls.keystone)
        cls.addClassCleanup(cls.neutron.stop)
        cls.neutron.start()
        cls.keystone.enlist(cls.neutron.url, 'network', 'neutron')
        cls.external = cls.neutron.network(cls.keystone.token('admin'), '203.0.113.0/24')

    def lend(self, user: str, address: str) -> str:
        """Have the project of a user take a floating IP; returns region:id."""
        made = self.neutron.create(
            self.keystone.token('admin'), 'floatingip', floating_network_id=self.external,
            floating_ip_address=address,
            project_id=self.keystone.projects[keystone.USERS[user][0]])
        return f"{keystone.REGION}:{made['id']}"

    def served(self, name: str) -> list[str]:
        """The PTR records that mdns answers with."""
        query = dns.message.make_query(name, 'PTR', flags=0)
        answer = dns.query.udp(query, '127.0.0.1', port=self.service.dns_port, timeout=5)
        return [each.to_text() for rrset in answer.answer for each in rrset]

    def openstack(self, user: str) -> cli.Cli:
        """The command as a user runs it, who finds the service in the catalog."""
        access = self.keystone.access(user)
        return cli.Cli(self.url(), '--os-auth-type', 'password', *(
            word for name, value in access.items()
            for word in ('--os-' + name.replace('_', '-'), value)))

    def test_the_command(self):
        key, other = self.lend('member', '203.0.113.5'), self.lend('member', '203.0.113.6')
        theirs = self.lend('stranger', '203.0.113.7')
        run = self.openstack('member')
        listed = {each['id']: each['ptrdname'] for each in run('ptr record list')}
        self.assertEqual(('', ''), (listed[key], listed[other]))
        self.assertNotIn(theirs, listed)
        made = run('ptr record set', key, 'www.example.org.', '--description', 'mine',
                   '--ttl', '60')
        self.assertEqual(('203.0.113.5', 'www.example.org.', 'mine', 60, 'CREATE', 'PENDING'),
                         tuple(made[name] for name in ('address', 'ptrdname', 'description',
                                                       'ttl', 'action', 'status')))
        base.wait(lambda: run('ptr record show', key)['status'] == 'ACTIVE', 30)
        self.assertEqual(['www.example.org.'], self.served('5.113.0.203.in-addr.arpa.'))
        listed = {each['id']: each['ptrdname'] for each in run('ptr record list')}
        self.assertEqual(('www.example.org.', ''), (listed[key], listed[other]))
        with self.assertRaisesRegex(cli.Failed, 'There is no floating IP'):
            run('ptr record show', theirs)
        with self.assertRaises(cli.Failed):
            self.openstack('reader')('ptr record set', key, 'reader.example.')
        self.assertIsNone(run('ptr record unset', key))
        self.assertIsNone(run('ptr record show', key)['ptrdname'])
        base.wait(lambda: self.served('5.113.0.203.in-addr.arpa.') == [], 30)

    def test_the_sdk(self):
        warnings.simplefilter('ignore')         # The SDK's own, of its next versions.
        key = self.lend('member', '203.0.113.8')
        with openstack.connect(load_envvars=False, load_yaml_config=False,
                               **self.keystone.access('member')) as cloud_:
            found = cloud_.dns.update_floating_ip(key, ptrdname='sdk.example.')
            self.assertEqual(('sdk.example.', 'PENDING'), (found.ptrdname, found.status))
            self.assertIn((key, 'sdk.example.'),
                          [(each.id, each.ptrdname) for each in cloud_.dns.floating_ips()])
            self.assertEqual('203.0.113.8', cloud_.dns.get_floating_ip(key).address)
            cloud_.dns.unset_floating_ip(key)
            self.assertIsNone(cloud_.dns.get_floating_ip(key).ptrdname)

    def test_the_next_one_to_have_the_address(self):
        key = self.lend('member', '203.0.113.9')
        self.user('member')('PATCH', f'/v2/reverse/floatingips/{key}',
                            {'ptrdname': 'old.example.'})
        self.neutron.delete(self.keystone.token('admin'), 'floatingip', key.partition(':')[2])
        again = self.lend('stranger', '203.0.113.9')
        path = f'/v2/reverse/floatingips/{again}'
        self.assertIsNone(self.user('stranger')('GET', path)['ptrdname'])
        base.wait(lambda: self.served('9.113.0.203.in-addr.arpa.') == [], 30)

    def test_neutron_is_away(self):
        self.neutron.stop()
        self.addCleanup(self.neutron.start)
        with self.assertRaises(standalone.Refused) as caught:
            self.user('member')('GET', '/v2/reverse/floatingips')
        self.assertEqual((504, 'neutron_communication_failure'),
                         (caught.exception.code, caught.exception.document['type']))

    def test_there_is_no_such_region(self):
        key = self.lend('member', '203.0.113.10').replace(keystone.REGION, 'nowhere')
        with self.assertRaises(standalone.Refused) as caught:
            self.user('member')('GET', f'/v2/reverse/floatingips/{key}')
        self.assertEqual((403, 'no_endpoint'),
                         (caught.exception.code, caught.exception.document['type']))
