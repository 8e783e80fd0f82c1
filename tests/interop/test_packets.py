# SPDX-License-Identifier: Apache-2.0
"""What crosses the wire: kdig and dnspython ask the mdns of a service in a process of its own."""
import base64
import random
import signal
import socket
import subprocess
from collections.abc import Sequence

import dns.exception
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.tsig

from designate_like.resources import tsigkeys
from tests import base
from tests.interop import deployment
from tests.interop import standalone

ZONE = 'example.org.'
WWW, LARGE = f'www.{ZONE}', f'large.{ZONE}'
TEXTS = [f'"{number:03} {"x" * 60}"' for number in range(40)]
SETTINGS = standalone.NO_LIMITS + '[service:mdns]\nmax_message_size = 600\ntcp_recv_timeout = 2\n'
RIGHT, WRONG = (base64.b64encode(each * 32).decode() for each in (b'r', b'w'))
SOON = 10       # seconds; for what is there at once, on a busy machine too

# What kdig is told, and what it then prints, or not, where a "!" stands before it.
ASKED: Sequence[tuple[str, Sequence[str]]] = (
    (f'{ZONE} SOA', ['NOERROR', 'qr aa;', '(UDP)', 'ns1.standalone.invalid. me.example.org.']),
    (f'{ZONE} SOA +tcp', ['NOERROR', 'qr aa;', '(TCP)', 'me.example.org.']),
    (f'{WWW} A', ['NOERROR', '192.0.2.1', '(UDP)']),
    (f'{WWW} AAAA', ['NOERROR', 'ANSWER: 0', 'AUTHORITY: 1']),
    (f'none.{ZONE} A', ['NXDOMAIN', 'qr aa;', 'AUTHORITY: 1']),
    (f'{LARGE} TXT +ignore', ['NOERROR', 'qr aa tc;', 'ANSWER: 0', '(UDP)']),
    (f'{LARGE} TXT +bufsize=65535 +ignore', ['qr aa tc;', 'ANSWER: 0']),
    (f'{LARGE} TXT', ['NOERROR', '!tc;', 'ANSWER: 40', '(TCP)', *TEXTS]),
    (f'{ZONE} SOA +edns', ['NOERROR', 'Version: 0', '1232 B']),
    (f'{ZONE} SOA +edns=1', ['BADVERS', 'Version: 0', 'ANSWER: 0']),
    *((asked, ['REFUSED', '!qr aa', 'ANSWER: 0']) for asked in (
        'other.example. A', 'other.example. A +tcp', 'org. SOA', '. NS', f'{ZONE} SOA CH')),
    (f'{ZONE} AXFR', ['AXFR', '192.0.2.1', *TEXTS, 'Received', '!(1 messages']),
    *((asked, ['REFUSED']) for asked in (f'{WWW} AXFR', 'other.example. AXFR', f'{WWW} IXFR=1')),
    (f'{ZONE} NOTIFY', ['NOTAUTH', 'NOTIFY']),
    ('ours.example. NOTIFY', ['NOERROR', 'qr aa;']),
    ('ours.example. NOTIFY=7 +tcp', ['NOERROR', 'qr aa;', '(TCP)']),
    ('theirs.example. NOTIFY', ['REFUSED', '!qr aa']),
    (f'+tcp +keepopen {ZONE} SOA {WWW} A {LARGE} TXT none.{ZONE} A', [
        'me.example.org.', '192.0.2.1', *TEXTS, 'NXDOMAIN']),
)


class Case(standalone.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.service = self.standalone(settings=SETTINGS)
        self.port = self.service.dns_port
        self.api = self.client(self.service)
        self.zone_id = self.api.zone(ZONE)
        self.serials = [self.serial()]
        self.api.record(self.zone_id, LARGE, *TEXTS, type_='TXT')
        self.serials.append(self.serial())
        self.api.record(self.zone_id, WWW, '192.0.2.1')
        self.serials.append(self.serial())

    def serial(self) -> int:
        return self.api('GET', f'/v2/zones/{self.zone_id}')['serial']

    def kdig(self, *arguments: str) -> str:
        ran = subprocess.run(
            [base.require('kdig'), '@127.0.0.1', '-p', str(self.port), '+norec', f'+time={SOON}',
             '+retry=0', *arguments], capture_output=True, text=True, check=False, timeout=60)
        return ran.stdout + ran.stderr

    def connect(self) -> socket.socket:
        return self.enterContext(socket.create_connection(('127.0.0.1', self.port), SOON))

    def is_answered(self, timeout: float = SOON) -> bool:
        """Whether a client is, by UDP and by TCP, each within so many seconds."""
        query = dns.message.make_query(WWW, 'A')
        try:
            return all(ask(query, '127.0.0.1', timeout, self.port).answer
                       for ask in (dns.query.udp, dns.query.tcp))
        except (dns.exception.Timeout, OSError, EOFError):
            return False


class PacketsTest(Case):

    def test_what_kdig_is_told(self) -> None:
        for name, master in (('ours', '127.0.0.1:1'), ('theirs', '192.0.2.1:53')):
            self.api('POST', '/v2/zones', {'name': f'{name}.example.', 'type': 'SECONDARY',
                                           'masters': [master]})
        for arguments, expected in ASKED:
            said = self.kdig(*arguments.split())
            for each in expected:
                with self.subTest(arguments, expected=each):
                    check = self.assertNotIn if each.startswith('!') else self.assertIn
                    check(each.removeprefix('!'), said)

    def test_ixfr_tells_what_has_changed_since(self) -> None:
        # By UDP what does not fit is the SOA alone, upon which the client comes by TCP.
        for serial, by_tcp, by_udp in zip(self.serials, (45, 5, 1), (1, 5, 1)):
            for transport, records in (('+tcp', by_tcp), ('+notcp', by_udp)):
                with self.subTest(serial=serial, transport=transport):
                    said = self.kdig(ZONE, f'IXFR={serial}', transport)
                    self.assertEqual(records, said.count('\tIN\t'), said)

    def test_requests_on_one_connection_are_answered_in_their_order(self) -> None:
        connection = self.connect()
        queries = [dns.message.make_query(name, type_) for name, type_ in (
            (ZONE, 'SOA'), (LARGE, 'TXT'), ('other.example.', 'A'), (WWW, 'A'))]
        connection.sendall(b''.join(query.to_wire(prepend_length=True) for query in queries))
        for query, rcode in zip(queries, ('NOERROR', 'NOERROR', 'REFUSED', 'NOERROR')):
            reply, _ = dns.query.receive_tcp(connection)
            self.assertTrue(query.is_response(reply), reply)
            self.assertEqual(dns.rcode.from_text(rcode), reply.rcode())

    def test_other_opcodes_are_refused(self) -> None:
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.settimeout(SOON)
            for opcode in (dns.opcode.IQUERY, dns.opcode.STATUS, dns.opcode.UPDATE, 15):
                with self.subTest(opcode=opcode):
                    query = dns.message.make_query(ZONE, 'SOA', flags=opcode << 11).to_wire()
                    client.sendto(query, ('127.0.0.1', self.port))
                    reply = client.recv(65535)
                    self.assertEqual(query[:2], reply[:2])
                    self.assertEqual(dns.rcode.REFUSED, reply[3] & 0xF)

    def test_garbage_and_half_messages_do_not_stop_it(self) -> None:
        chance = random.Random(1)
        whole = dns.message.make_query(WWW, 'A').to_wire()
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            for _ in range(1000):
                client.sendto(chance.randbytes(chance.randrange(600)), ('127.0.0.1', self.port))
            for size in range(len(whole)):
                client.sendto(whole[:size], ('127.0.0.1', self.port))
        held = [self.connect() for _ in range(200)]
        for number, connection in enumerate(held):
            connection.sendall((len(whole).to_bytes(2, 'big') + whole)[:number % 20 + 1])
        base.wait(lambda: self.is_answered(1), 30)    # A full buffer loses some.
        for connection in held:     # What does not come in time is not waited for.
            self.assertEqual(b'', connection.recv(1))
        self.assertTrue(self.is_answered())
        self.assertNotIn('Traceback', self.service.log())


class TsigTest(Case):

    def test_each_algorithm(self) -> None:
        for algorithm in tsigkeys.ALGORITHMS:
            with self.subTest(algorithm):
                self.api('POST', '/v2/tsigkeys', {
                    'name': algorithm, 'algorithm': algorithm, 'secret': RIGHT, 'scope': 'ZONE',
                    'resource_id': self.zone_id})
                key = f'{algorithm}:{algorithm}:{RIGHT}'
                for what in (['SOA'], ['SOA', '+tcp'], ['AXFR'], [f'IXFR={self.serials[0]}']):
                    said = self.kdig('-y', key, ZONE, *what)
                    self.assertIn('me.example.org.', said)
                    self.assertNotRegex(said, '(?i)warning|;; error|failed')
                self.assertIn('REFUSED', self.kdig('-y', key, 'other.example.', 'SOA'))
                self.dropped(algorithm)
        self.assertIn('timeout', self.kdig('-y', f'hmac-sha256:hmac-sha256:{WRONG}', '+time=1',
                                           ZONE, 'SOA'))

    def dropped(self, algorithm: str) -> None:
        """A wrong secret and an unknown key are not answered; what follows them is."""
        name = 'hmac-md5.sig-alg.reg.int.' if algorithm == 'hmac-md5' else f'{algorithm}.'
        queries = []
        for key, secret in ((algorithm, WRONG), ('unknown', RIGHT), (algorithm.upper(), RIGHT)):
            queries.append(dns.message.make_query(ZONE, 'SOA'))
            queries[-1].use_tsig(dns.tsig.Key(f'{key}.', secret, name))
        connection = self.connect()
        for query in queries:
            dns.query.send_tcp(connection, query)
        reply, _ = dns.query.receive_tcp(connection, None, False, queries[-1].keyring,
                                         queries[-1].mac)
        self.assertTrue(queries[-1].is_response(reply))
        self.assertTrue(reply.had_tsig and reply.answer)
        self.assertIn(f'the signature of {algorithm}. is wrong', self.service.log())
        self.assertIn('there is no key unknown.', self.service.log())


class SharedPortTest(Case):

    def test_one_goes_on_when_the_other_dies(self) -> None:
        site = deployment.Deployment(
            self.directory(), bus='inproc://', roles=('mdns-1', 'mdns-2'),
            database=f'sqlite:///{self.service.state}/designate_like.sqlite')
        self.addCleanup(site.kill_all)
        self.port = site.dns_ports['mdns-2'] = site.dns_ports['mdns-1']
        for name in site.roles:
            site.configure(name)
            site.start_role(name)
        for name in site.roles:     # Each has a part of the clients, as the other stands still.
            base.wait(lambda: self.is_answered(1), 30)
            site.send(name, signal.SIGSTOP)
            base.wait(lambda: self.is_answered(0.3), 30)
            site.send(name, signal.SIGCONT)
        site.kill('mdns-1')
        # What was on its way to the dead is lost; then nobody is left unanswered.
        base.wait(lambda: all(self.is_answered(1) for _ in range(20)), 30)
        self.assertIsNone(site.processes['mdns-2'].poll(), site.logs())
