# SPDX-License-Identifier: Apache-2.0
"""Calls, casts and errors between a client and servers in one process."""
import logging
import queue
import threading
import unittest.mock
from typing import Any

import kombu.exceptions
import oslo_messaging
from oslo_messaging._drivers import amqpdriver

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import metrics
from designate_like import resources
from designate_like import rpc
from designate_like.rpc import client
from designate_like.rpc import rabbit
from tests.unit.rpc import bus

CTX = context.RequestContext(user_id='u', project_id='p', overwrite=False)
ADDRESS = resources.Address(host='192.0.2.1', port=53)


class Zones:
    """An endpoint that does what each test needs."""

    namespace = 'zones'

    def __init__(self, name: str = 'one') -> None:
        self.name = name
        self.seen: queue.Queue = queue.Queue()
        self.taken = threading.Event()
        self.gate = threading.Event()

    def echo(self, ctx: context.RequestContext, **kwargs: Any) -> Any:
        self.seen.put((self.name, ctx, kwargs))
        return kwargs

    def who(self, ctx: context.RequestContext) -> str:
        return self.name

    def change(self, ctx: context.RequestContext, things: list) -> int:
        things.append('changed')
        return len(things)

    def fail(self, ctx: context.RequestContext, kind: str, **kwargs: Any) -> None:
        raise getattr(errors, kind)('A sentence', **kwargs)

    def crash(self, ctx: context.RequestContext) -> None:
        raise LookupError('not ours')

    def hang(self, ctx: context.RequestContext) -> str:
        self.taken.set()
        self.gate.wait(10)
        return 'done'

    def _private(self, ctx: context.RequestContext) -> None:
        """Is not for callers."""


class Pools:
    """A second noun on the same server."""

    namespace = 'pools'

    def who(self, ctx: context.RequestContext) -> str:
        return 'pools'


class CallTest(bus.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.zones = Zones()
        self.serve(self.zones, Pools())
        self.addCleanup(self.zones.gate.set)
        self.central = self.client()

    def test_the_noun_chooses_the_endpoint(self) -> None:
        self.assertEqual('one', self.central.zones.who(CTX))
        self.assertEqual('pools', self.central.pools.who(CTX))

    def test_values_and_resources_arrive_as_they_were(self) -> None:
        sent = {'number': 2**40, 'text': 'ä', 'nothing': None, 'list': [1, [ADDRESS]],
                'one': ADDRESS, 'map': {'a': ADDRESS, 'b': 1.5}}
        self.assertEqual(sent, self.central.zones.echo(CTX, **sent))
        self.assertEqual(sent, self.zones.seen.get(timeout=5)[2])

    def test_what_would_not_arrive_is_not_sent(self) -> None:
        for thing in (b'bytes', {1, 2}, object()):
            self.assertRaises(TypeError, self.central.zones.echo, CTX, thing=thing)

    def test_the_context_arrives(self) -> None:
        sent = context.RequestContext(user_id='u', project_id='p', roles=['member'],
                                      all_tenants=True, sudo='q', client_addr='192.0.2.7')
        self.central.zones.echo(sent)
        got = self.zones.seen.get(timeout=5)[1]
        self.assertEqual(sent.to_dict(), got.to_dict())

    def test_caller_and_callee_share_nothing(self) -> None:
        things = ['mine']
        self.assertEqual(2, self.central.zones.change(CTX, things=things))
        self.assertEqual(['mine'], things)

    def test_private_methods_and_unknown_ones_are_not_there(self) -> None:
        logging.disable()
        self.addCleanup(logging.disable, logging.NOTSET)
        for name in ('_private', 'nonsense'):
            method = getattr(self.central.zones, name)
            self.assertRaises(oslo_messaging.RemoteError, method, CTX)
        self.assertRaises(oslo_messaging.RemoteError, self.central.nonsense.who, CTX)

    def test_no_reply_in_time(self) -> None:
        impatient = self.client(timeout=0.05)
        with self.assertLogs('designate_like.rpc.client', 'WARNING') as log:
            error = self.assertRaises(errors.RpcTimeout, impatient.zones.hang, CTX)
        self.assertEqual((504, 'timeout'), (error.code, error.type))
        self.assertIn('zones.hang', log.output[0])

    def test_errors_are_counted_in_their_own_class(self) -> None:
        """Not as DuplicateZone_Remote, or as the bus calls them."""
        counted = []
        self.enterContext(unittest.mock.patch.object(metrics, '_live', {'rpc_call_seconds': None}))
        self.enterContext(unittest.mock.patch.object(
            metrics, 'observe', lambda name, seconds, **labels: counted.append((name, labels))))
        self.enterContext(unittest.mock.patch.object(client._AWAY, 'warning'))
        with super().assertRaises(errors.DuplicateZone):
            self.central.zones.fail(CTX, kind='DuplicateZone')
        self.assertRaises(errors.RpcTimeout, self.client(timeout=0.05).zones.hang, CTX)
        self.assertEqual([{'method': 'zones.fail', 'outcome': 'DuplicateZone'},
                          {'method': 'zones.hang', 'outcome': 'RpcTimeout'}],
                         [labels for name, labels in counted if name == 'rpc_call_seconds'])

    def assertRaises(self, kind: Any, method: Any, *args: Any, **kwargs: Any) -> Any:
        with super().assertRaises(kind) as caught:
            method(*args, **kwargs)
        return caught.exception


class ErrorTest(bus.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.serve(Zones())
        self.zones = self.client().zones

    def test_our_errors_arrive_in_their_own_class(self) -> None:
        problems = [{'path': ['records', 0], 'message': 'no'}]
        with self.assertNoLogs('oslo_messaging', 'INFO'):
            with self.assertRaises(errors.InvalidObject) as caught:
                self.zones.fail(CTX, kind='InvalidObject', problems=problems)
        error = caught.exception
        self.assertIs(errors.InvalidObject, type(error))
        self.assertEqual((400, 'invalid_object', 'A sentence', {'problems': problems}),
                         (error.code, error.type, error.message, error.kwargs))
        self.assertEqual('A sentence', str(error))
        self.assertIsNone(error.__cause__)

    def test_a_part_that_is_away_is_a_line_in_the_log(self) -> None:
        with self.assertLogs('designate_like.rpc.server', 'WARNING') as log, \
                self.assertNoLogs('oslo_messaging', 'WARNING'), \
                self.assertRaises(errors.DatabaseUnavailable):
            self.zones.fail(CTX, kind='DatabaseUnavailable')
        self.assertEqual(1, len(log.output))
        self.assertNotIn('Traceback', log.output[0])

    def test_what_an_operator_must_change_is_a_line_in_the_log(self) -> None:
        with self.assertLogs('designate_like.rpc.server', 'ERROR') as log, \
                self.assertNoLogs('oslo_messaging', 'WARNING'), \
                self.assertRaises(errors.NoServersConfigured):
            self.zones.fail(CTX, kind='NoServersConfigured')
        self.assertEqual(1, len(log.output))
        self.assertNotIn('Traceback', log.output[0])

    def test_an_unknown_error_is_a_traceback_in_the_log(self) -> None:
        with self.assertLogs('oslo_messaging', 'ERROR') as log, \
                self.assertRaises(errors.Error):
            self.zones.fail(CTX, kind='Error')
        self.assertIn('Traceback', log.output[0])

    def test_what_is_not_ours_is_a_builtin_or_a_remote_error(self) -> None:
        with self.assertLogs('oslo_messaging', 'ERROR'), self.assertRaises(LookupError):
            self.zones.crash(CTX)


class CastTest(bus.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.one, self.two = Zones('one'), Zones('two')
        self.central = self.client()

    def test_a_cast_reaches_one_server_and_they_take_turns(self) -> None:
        self.serve(self.one, host='one')
        self.serve(self.two, host='two')
        for number in range(4):
            self.assertIsNone(self.central.cast.zones.echo(CTX, number=number))
        for endpoint in (self.one, self.two):
            for _ in range(2):
                endpoint.seen.get(timeout=5)
            self.assertTrue(endpoint.seen.empty())

    def test_a_fanout_reaches_every_server(self) -> None:
        self.serve(self.one, host='one')
        self.serve(self.two, host='two')
        self.central.fanout.zones.echo(CTX, a=1)
        self.assertEqual(('one', {'a': 1}), self.one.seen.get(timeout=5)[::2])
        self.assertEqual(('two', {'a': 1}), self.two.seen.get(timeout=5)[::2])

    def test_a_cast_waits_for_a_server_and_a_fanout_does_not(self) -> None:
        self.central.fanout.zones.echo(CTX, a='fanout')
        self.central.cast.zones.echo(CTX, a='cast')
        self.serve(self.one)
        self.assertEqual({'a': 'cast'}, self.one.seen.get(timeout=5)[2])
        self.assertTrue(self.one.seen.empty())

    def test_a_bus_that_is_away_fails_calls_and_not_casts(self) -> None:
        self.enterContext(unittest.mock.patch.object(client._AWAY, 'filters', []))
        for problem, said in (
                (oslo_messaging.MessageDeliveryFailure('no broker'), 'no broker'),
                (oslo_messaging.MessageUndeliverable(None, '', '', None),
                 'the role that it is for has never come to this bus'),
                (kombu.exceptions.OperationalError('refused'), 'refused'),
                (ConnectionResetError(104, 'reset by peer'), '[Errno 104] reset by peer')):
            def away(*args: Any, **kwargs: Any) -> None:
                raise problem
            transport = self.transport()
            transport._send = away
            central = bus.rpc.Client(transport, 'central')
            with self.subTest(said), self.assertLogs(client._AWAY) as logs:
                with self.assertRaises(errors.BusUnavailable) as caught:
                    central.zones.who(CTX)
                central.cast.zones.who(CTX)
            self.assertEqual(503, caught.exception.code)
            self.assertEqual(2 * [f'zones.who could not be sent: {said}'],
                             [each.getMessage() for each in logs.records])


class OnceTest(bus.TestCase):

    def test_what_goes_on_is_said_once_and_what_comes_again_is_said_again(self) -> None:
        clock = iter([0, 20, 40, 41, 100])
        once = rabbit.Once(quiet=30, clock=lambda: next(clock))
        said = [once.filter(logging.makeLogRecord({'msg': msg, 'levelno': logging.ERROR}))
                for msg in ('away: %s', 'away: %s', 'away: %s', 'other', 'away: %s')]
        self.assertEqual([True, False, False, True, True], said)

    def test_a_broker_that_goes_is_no_traceback(self) -> None:
        problem = ConnectionResetError(104, 'reset by peer')
        for error, has_traceback, said in (
                (problem, False, 'No reply to it: [Errno 104] reset by peer'),
                (KeyError('x'), True, 'No reply to it')):
            record = logging.makeLogRecord({'msg': 'No reply to %s', 'args': ('it',),
                                            'exc_info': (type(error), error, None)})
            self.assertTrue(rabbit.Brief().filter(record))
            self.assertEqual((has_traceback, said), (bool(record.exc_info), record.getMessage()))

    def test_debugging_is_left_alone(self) -> None:
        once = rabbit.Once()
        record = logging.makeLogRecord({'msg': 'again', 'levelno': logging.DEBUG})
        self.assertEqual([True, True], [once.filter(record), once.filter(record)])


class RabbitTest(bus.TestCase):

    def url(self, text: str) -> dict[str, str]:
        url = oslo_messaging.TransportURL.parse(conf.CONF, text)
        return rabbit.with_defaults(conf.CONF, url, rabbit.DEFAULTS).query

    def test_our_defaults_yield_to_the_operator(self) -> None:
        self.assertEqual(rabbit.DEFAULTS, self.url('rabbit://one,two/'))
        self.assertEqual({**rabbit.DEFAULTS, 'rabbit_quorum_queue': 'false'},
                         self.url('rabbit://one/?rabbit_quorum_queue=false'))
        path = self.directory() / 'designate_like.conf'
        path.write_text('[oslo_messaging_rabbit]\nkombu_reconnect_delay = 3\n')
        conf.CONF(['--config-file', str(path)], project=conf.PROJECT)
        self.assertNotIn('kombu_reconnect_delay', self.url('rabbit://one/'))

    def test_an_older_file_may_have_mirrored_queues(self) -> None:
        """oslo.messaging fails where it has them and quorum queues, with the first message."""
        path = self.directory() / 'designate_like.conf'
        path.write_text('[oslo_messaging_rabbit]\nrabbit_ha_queues = true\n')
        conf.CONF(['--config-file', str(path)], project=conf.PROJECT)
        rpc.set_transport_url(conf.CONF, 'rabbit://one/')
        self.assertFalse({*rabbit.QUORUM} & {*self.url('rabbit://one/')})
        rpc.check(conf.CONF)
        path.write_text(path.read_text() + 'rabbit_quorum_queue = true\n')
        conf.CONF.reload_config_files()
        with self.assertRaisesRegex(errors.ConfigurationError, f'{path}: .* rabbit_ha_queues: '):
            rpc.check(conf.CONF)

    def test_no_listener_looks_a_thousand_times_a_second(self) -> None:
        connection = unittest.mock.Mock()
        connection.consume.side_effect = InterruptedError
        listener = amqpdriver.RpcAMQPListener(unittest.mock.Mock(prefetch_size=1), connection)
        with self.assertRaises(InterruptedError):
            listener.poll(timeout=60)
        connection.consume.assert_called_once_with(timeout=0.1)

    def test_another_bus_is_left_alone(self) -> None:
        self.assertEqual({}, self.url('inproc://'))

    def test_a_url_that_is_none_is_refused_in_a_sentence(self) -> None:
        for url in ('no url', 'pigeon://coop/', 'rabbit://user:a/b@host/'):
            rpc.set_transport_url(conf.CONF, url)
            with self.subTest(url), self.assertRaisesRegex(
                    errors.ConfigurationError, r'\[DEFAULT\] transport_url: '):
                rpc.check(conf.CONF)


class StopTest(bus.TestCase):

    def test_a_call_that_was_taken_is_finished(self) -> None:
        zones = Zones()
        server = self.serve(zones)
        central = self.client()
        results: queue.Queue = queue.Queue()
        caller = threading.Thread(target=lambda: results.put(central.zones.hang(CTX)))
        caller.start()
        self.assertTrue(zones.taken.wait(5))
        stopper = threading.Thread(target=server.stop)
        stopper.start()
        zones.gate.set()
        for thread in (stopper, caller):
            thread.join(5)
            self.assertFalse(thread.is_alive())
        self.assertEqual('done', results.get_nowait())
