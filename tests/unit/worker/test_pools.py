# SPDX-License-Identifier: Apache-2.0
"""Targets are told one thing after another for a zone, and many at once for many."""
import asyncio
import threading
from unittest import mock

import dns.message
import dns.opcode

from designate_like import backends
from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.worker import pools
from tests import base
from tests.unit.worker import world


class Gate(backends.Backend):
    """A backend whose first call waits until it is let through."""

    def __init__(self, target: resources.Target) -> None:
        super().__init__(target)
        self.calls: list[tuple[str, str]] = []
        self.entered, self.open = threading.Event(), threading.Event()

    def create(self, zone: resources.Zone) -> None:
        self.entered.set()
        self.open.wait(10)
        self.calls.append(('create', zone.id))

    def update(self, zone: resources.Zone) -> None:
        self.calls.append(('update', zone.id))

    def delete(self, zone: resources.Zone, hard: bool = False) -> None:
        self.calls.append(('delete', f'{zone.id} {hard}'))

    def close(self) -> None:
        self.open.set()


class TargetTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.gate = Gate(resources.Target(type='gate'))
        self.enterContext(mock.patch.object(backends, 'load', lambda target: self.gate))
        self.target = pools.Target(self.gate.target)
        self.addCleanup(self.target.close)

    def test_the_next_call_comes_after_one_that_nobody_waits_for_any_more(self):
        async def run():
            first = asyncio.ensure_future(self.target.tell('create', world.zone(1, id='a')))
            await asyncio.to_thread(self.gate.entered.wait, 10)
            first.cancel()
            await asyncio.wait([first])
            second = asyncio.ensure_future(self.target.tell(
                'delete', world.zone(1, id='a', hard_delete=True)))
            # Meanwhile another zone does not wait.
            await self.target.tell('update', world.zone(1, id='b'))
            self.gate.open.set()
            await second
        asyncio.run(run())
        self.assertEqual([('update', 'b'), ('create', 'a'), ('delete', 'a True')],
                         self.gate.calls)

    def test_close_breaks_off(self):
        async def run():
            first = asyncio.ensure_future(self.target.tell('create', world.zone(1)))
            await asyncio.to_thread(self.gate.entered.wait, 10)
            self.target.close()
            await asyncio.wait([first])
            self.assertTrue(first.cancelled())
        asyncio.run(run())


class ConsumerTest(base.TestCase):
    """A target whose server learns from a catalog what to carry."""

    def setUp(self) -> None:
        super().setUp()
        self.gate = Gate(resources.Target(type='gate', options={'host': '192.0.2.7'}))
        self.gate.open.set()
        self.enterContext(mock.patch.object(backends, 'load', lambda target: self.gate))
        pool = pools.Pool(resources.Pool(
            id='pool', name='pool', created_at=None, targets=[self.gate.target],
            catalog_zone=resources.CatalogZone(catalog_zone_fqdn='catalog.invalid.')), self)
        self.addCleanup(pool.close)
        self.target, = pool.targets
        self.asked: list[tuple] = []
        self.answers = True

    async def ask(self, address: tuple, query: dns.message.Message,
                  tcp: bool = False) -> dns.message.Message:
        """Be the network."""
        self.asked.append((address, query.opcode(), query.question[0].name.to_text(),
                           query.answer))
        if not self.answers:
            raise dnsio.NoReply('no answer')
        return query

    def test_it_is_told_to_look_at_the_catalog(self):
        async def run():
            for verb in ('create', 'update', 'delete'):
                await self.target.tell(verb, world.zone(1))
            self.answers = False
            with self.assertRaises(errors.BackendError):
                await self.target.tell('create', world.zone(1))
        asyncio.run(run())
        self.assertEqual([(('192.0.2.7', 53), dns.opcode.NOTIFY, 'catalog.invalid.', [])] * 4,
                         self.asked)
        self.assertEqual([], self.gate.calls)

    def test_only_transferring_again_is_up_to_the_backend(self):
        async def run():
            await self.target.tell('retransfer', world.zone(1, id='a'))
            await self.target.fetch(world.zone(1))
            self.assertFalse(await self.target.carries(world.zone(1)))
            self.assertIsNone(await self.target.zones())
        asyncio.run(run())
        self.assertEqual(([], [('delete', 'a False'), ('create', 'a')]),
                         (self.asked, self.gate.calls))


class PoolsTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.fetched: list[str] = []
        self.version = 1

    async def get(self, noun, ctx, pool_id):
        """Be central."""
        self.fetched.append(pool_id)
        await asyncio.sleep(0)
        if pool_id == 'none':
            raise errors.PoolNotFound()
        return resources.Pool(id=pool_id, name=pool_id, created_at=None, version=self.version)

    def test_a_pool_is_fetched_once_a_version(self):
        async def run():
            known, ctx = pools.Pools(self, None), context.admin()
            first, same = await asyncio.gather(known.get(ctx, 'a', 1), known.get(ctx, 'a', 0))
            self.assertIs(first, same)
            await known.get(ctx, 'b', 1)
            self.assertEqual(['a', 'b'], self.fetched)
            self.version = 3
            self.assertEqual(3, (await known.get(ctx, 'a', 2)).version)
            self.assertEqual(3, (await known.get(ctx, 'a', 3)).version)
            self.assertEqual(['a', 'b', 'a'], self.fetched)
            # A database node that has not caught up answers with what is known already.
            late = await known.get(ctx, 'a', 4)
            self.assertIs(late, await known.get(ctx, 'a', 3))
        asyncio.run(run())

    def test_a_pool_that_is_not_there(self):
        with self.assertRaises(errors.PoolNotFound):
            asyncio.run(pools.Pools(self, None).get(context.admin(), 'none', 1))


class KeysTest(base.TestCase):
    """TSIG keys: right, missing and useless."""

    KEY = resources.Tsigkey(id='right', name='Key', algorithm='hmac-sha256', secret='c2VjcmV0',
                            scope='POOL', resource_id='pool', created_at=None)
    USELESS = KEY.replace(id='useless', secret='%')

    def setUp(self) -> None:
        super().setUp()
        self.asked: list[tuple] = []
        self.enterContext(mock.patch.object(backends, 'load', backends.Backend))
        self.enterContext(mock.patch.multiple(backends.Backend, __abstractmethods__=frozenset()))
        ids = [None, 'right', 'missing', 'useless']
        made = resources.Pool(
            id='pool', name='pool', created_at=None, version=2,
            nameservers=[resources.Nameserver(host='::1', port=port, tsigkey_id=id_)
                         for port, id_ in enumerate(ids)],
            targets=[resources.Target(type='any', tsigkey_id=id_,
                                      options={'host': '::2', 'port': str(port)})
                     for port, id_ in enumerate(ids)])
        self.answer = made
        with self.assertLogs(pools.LOG, 'ERROR'):
            self.pool = pools.Pool(made, self, [self.KEY, self.USELESS])
        self.addCleanup(self.pool.close)

    async def ask(self, address: tuple, query: dns.message.Message, tcp: bool) -> None:
        self.asked.append((address, str(query.tsig and query.tsig.name)))

    async def get(self, noun: str, ctx: context.RequestContext, **which: str) -> resources.Pool:
        return self.answer

    async def call(self, noun: str, verb: str, ctx: context.RequestContext,
                   **which: str) -> list[resources.Tsigkey]:
        self.assertEqual(('tsigkeys', 'of_servers', {'pool_id': 'pool'}), (noun, verb, which))
        return [self.KEY, self.USELESS]

    def test_requests_are_signed_with_the_key_of_each_server(self):
        problems = []

        async def run() -> None:
            for with_, host in ((self.pool.polls, '::1'), (self.pool.notifies, '::2')):
                for port in range(4):
                    try:
                        await with_.ask((host, port), dns.message.make_query('a.', 'SOA'))
                    except dnsio.NoReply as problem:
                        problems.append(str(problem))
        asyncio.run(run())
        self.assertEqual([((host, port), name) for host in ('::1', '::2')
                          for port, name in ((0, 'None'), (1, 'key.'))], self.asked)
        self.assertEqual(['there is no TSIG key missing',
                          'TSIG key useless: the secret of Key is not base64'] * 2, problems)

    def test_a_target_without_its_key_fails(self):
        async def run() -> None:
            for number, sentence in ((2, 'there is no TSIG key missing'),
                                     (3, 'TSIG key useless: the secret of Key is not base64')):
                target = self.pool.targets[number]
                for work in (target.tell('create', world.zone(1)), target.zones(),
                             target.carries(world.zone(1))):
                    with self.assertRaises(errors.BackendError) as caught:
                        await work
                    self.assertEqual(sentence, caught.exception.message)
                await target.fetch(world.zone(1))
        asyncio.run(run())

    def test_keys_are_fetched_with_the_pool(self):
        async def run() -> None:
            known = pools.Pools(self, self)
            with self.assertLogs(pools.LOG, 'ERROR'):
                fetched = await known.get(context.admin(), 'pool', 1)
            self.assertEqual('key.', fetched.polls.key(('::1', 1)).name.to_text())
            known.close()
        asyncio.run(run())
