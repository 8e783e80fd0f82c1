# SPDX-License-Identifier: Apache-2.0
"""The tasks: the one call of each, and which of them a producer runs."""
import contextlib
import datetime
import unittest.mock
import uuid
from collections import Counter
from typing import Any

from oslo_messaging.notify import _impl_test
from oslo_messaging.notify import notifier
from oslo_utils import timeutils

from designate_like import conf
from designate_like import context
from designate_like import coordination
from designate_like import errors
from designate_like import resources
from designate_like import rpc
from designate_like.producer import exists
from designate_like.producer import orphans
from designate_like.producer import service
from designate_like.producer import service_statuses
from designate_like.producer import sweep
from designate_like.producer import task
from designate_like.producer import verify
from designate_like.producer import zone_purge
from designate_like.resources import types
from tests import base
from tests.unit.notifications.test_payloads import ZONE


class Central:
    """Stands for the handle on central, and writes down the calls."""

    def __init__(self) -> None:
        self.zones = self.orphans = self.recordsets = self.zone_imports = self
        self.service_statuses = self
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda ctx, **kwargs: self.calls.append((name, kwargs))


class TestCase(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        self.central = Central()

    def set(self, name: str, value: Any, group: str) -> None:
        conf.CONF.set_override(name, value, group)
        self.addCleanup(conf.CONF.clear_override, name, group)

    def made(self, kind: type[task.Task]) -> task.Task:
        return kind(conf.CONF, self.central, coordination.Partition(None, 'me', 1),
                    task.Troubles())

    def run_once(self, kind: type[task.Task], shards: range = range(5, 9)) -> list[Any]:
        self.made(kind).run(context.admin(), self.central, shards)
        return self.central.calls


class TasksTest(TestCase):

    def test_sweep(self):
        self.assertEqual(2 * [('sweep', {'shards': (5, 9)})], self.run_once(sweep.Sweep))

    def test_orphans(self):
        self.assertEqual([('audit', {'shards': (5, 9)})], self.run_once(orphans.Orphans))

    def test_zone_purge(self):
        self.set('time_threshold', 7, 'producer_task:zone_purge')
        self.set('journal_age', 8, 'producer_task:zone_purge')
        self.set('journal_size', 9, 'producer_task:zone_purge')
        self.assertEqual([('purge', {'shards': (5, 9), 'older_than': 7}),
                          ('trim_journal', {'shards': (5, 9), 'older_than': 8, 'most': 9}),
                          ('trim_owners', {'older_than': 7})],
                         self.run_once(zone_purge.ZonePurge))

    def test_check_service_status(self):
        self.set('time_threshold', 7, 'producer_task:periodic_check_service_status')
        self.assertEqual([('check', {'silent_for': 7})],
                         self.run_once(service_statuses.CheckServiceStatus))

    def test_cleanup_stopped_service_status(self):
        self.set('time_threshold', 7, 'producer_task:periodic_cleanup_stopped_service_status')
        self.assertEqual([('clean', {'older_than': 7})],
                         self.run_once(service_statuses.CleanupStoppedServiceStatus))

    def test_statuses_are_kept_for_ever_when_the_threshold_says_so(self):
        for threshold in (0, -1):
            self.set('time_threshold', threshold,
                     'producer_task:periodic_cleanup_stopped_service_status')
            self.assertEqual([], self.run_once(service_statuses.CleanupStoppedServiceStatus))


class ExistsTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        rpc.set_transport_url(conf.CONF, f'inproc:///{uuid.uuid4()}')
        conf.CONF.register_opts(notifier._notifier_opts, 'oslo_messaging_notifications')
        self.set('driver', ['test'], 'oslo_messaging_notifications')
        self.set('per_page', 2, 'producer_task:periodic_exists')
        self.addCleanup(_impl_test.reset)
        zones = [ZONE.replace(id=f'{index:08}{ZONE.id[8:]}') for index in range(3)]
        self.central.existing = self.existing = unittest.mock.Mock(
            side_effect=[zones[:2], zones[2:], []])

    def run_once(self) -> list[dict[str, Any]]:
        task_ = self.made(exists.PeriodicExists)
        task_.run(context.admin(), self.central, range(5, 9))
        task_._publisher.stop()
        return [message for _, message, _, _ in _impl_test.NOTIFICATIONS]

    def test_each_zone_by_two_names(self):
        self.assertEqual(
            [(f'producer.{conf.CONF.host}', f'dns.{name}.exists', f'{index:08}{ZONE.id[8:]}')
             for index in range(3) for name in ('zone', 'domain')],
            [(each['publisher_id'], each['event_type'], each['payload']['id'])
             for each in self.run_once()])
        self.assertEqual([{'shards': (5, 9), 'marker': marker, 'limit': 2} for marker in (
            '', f'00000001{ZONE.id[8:]}', f'00000002{ZONE.id[8:]}')],
            [call.kwargs for call in self.existing.call_args_list])

    def test_the_time_that_it_stands_for(self):
        self.set('interval', 60, 'producer_task:periodic_exists')
        payload = self.run_once()[0]['payload']
        begin, end = (types.DateTime().load(payload[f'audit_period_{which}'])
                      for which in ('beginning', 'ending'))
        self.assertEqual(60, (end - begin).total_seconds())
        self.assertEqual('alpha', payload['tenant_id'])

    def test_a_round_goes_on_where_it_failed(self):
        zones = list(self.existing.side_effect)
        self.existing.side_effect = [zones[0], errors.RpcTimeout(), *zones[1:], *zones]
        task_ = self.made(exists.PeriodicExists)
        for _ in range(2):
            with contextlib.suppress(errors.RpcTimeout):
                task_.run(context.admin(), self.central, range(5, 9))
        task_.run(context.admin(), self.central, range(5, 9))
        task_._publisher.stop()
        seen = [(message['payload']['id'][:8], message['payload']['audit_period_ending'])
                for _, message, _, _ in _impl_test.NOTIFICATIONS
                if message['event_type'] == 'dns.zone.exists']
        self.assertEqual(2 * ['00000000', '00000001', '00000002'], [each for each, _ in seen])
        self.assertEqual(2, len({end for _, end in seen}))

    def test_nobody_is_asked_when_nobody_listens(self):
        self.set('driver', [], 'oslo_messaging_notifications')
        self.assertEqual([], self.run_once())
        self.existing.assert_not_called()


class VerifyTest(TestCase):

    def turns(self, shards: range, count: int) -> list[tuple[int, int]]:
        made = self.made(verify.Verify)
        for _ in range(count):
            made.run(context.admin(), self.central, shards)
        return [kwargs['shards'] for _, kwargs in self.central.calls]

    def test_a_round_of_turns_takes_the_interval(self):
        self.set('interval', 60, 'producer_task:verify')
        self.assertEqual(5, self.made(verify.Verify).interval)

    def test_a_round_covers_every_shard_once(self):
        for shards in (range(4096), range(1000, 2365), range(3, 8), range(0)):
            with self.subTest(shards=shards):
                self.central.calls.clear()
                covered = Counter(shard for first, last in self.turns(shards, 12)
                                  for shard in range(first, last))
                self.assertEqual(Counter(shards), covered)

    def test_the_next_round_begins_anew(self):
        turns = self.turns(range(4096), 24)
        self.assertEqual(turns[:12], turns[12:])


class ProducerTest(TestCase):

    def kinds(self) -> list[str]:
        return [each.name for each in service.chosen(conf.CONF['service:producer'].enabled_tasks)]

    def test_every_task_has_its_section(self):
        for kind in service.TASKS:
            with self.subTest(task=kind.name):
                self.assertGreater(self.made(kind).interval, 0)

    def test_all_tasks_by_default(self):
        self.assertEqual([each.name for each in service.TASKS], self.kinds())

    def test_some_tasks(self):
        self.set('enabled_tasks', ['verify', 'sweep'], 'service:producer')
        self.assertEqual(['sweep', 'verify'], self.kinds())

    def test_names_of_old_files_mean_nothing(self):
        self.set('enabled_tasks', ['increment_serial', 'delayed_notify',
                                   'worker_periodic_recovery', 'sweep'], 'service:producer')
        self.assertEqual(['sweep'], self.kinds())

    def test_an_unknown_task(self):
        self.set('enabled_tasks', ['sweep', 'dust'], 'service:producer')
        with self.assertRaisesRegex(errors.ConfigurationError, 'no such task: dust$'):
            service.Producer.check(conf.CONF)

    def test_several_processes_need_coordination(self):
        service.Producer.check(conf.CONF)
        self.set('workers', 2, 'service:producer')
        with self.assertRaisesRegex(errors.ConfigurationError, 'workers.*backend_url'):
            service.Producer.check(conf.CONF)
        self.set('backend_url', 'file:///tmp', 'coordination')
        service.Producer.check(conf.CONF)

    def test_other_producers_are_those_heard_of_lately(self):
        self.set('host', 'here', None)
        producer = service.Producer(conf.CONF)
        now = timeutils.utcnow(with_timezone=False)
        items = [resources.ServiceStatus(
            id='', service_name='producer', hostname=hostname, created_at=now,
            heartbeated_at=now - datetime.timedelta(seconds=seconds))
            for hostname, seconds in (('there', 1), ('here', 1), ('gone', 60))]
        producer.client = unittest.mock.Mock()
        producer.client().service_statuses.find.return_value = {'items': items}
        self.assertEqual(['there'], producer._others())
