# SPDX-License-Identifier: Apache-2.0
"""Service statuses: heartbeats, silence, and what is dropped in the end."""
from designate_like import errors
from designate_like import resources
from tests.functional.central import fixture


class ServiceStatusesTest(fixture.TestCase):

    def beat(self, service: str, host: str = 'one', status: str = 'UP',
             sent_at: float = 1e9) -> None:
        self.service_statuses.heartbeat(fixture.ADMIN, service, host, status, stats={'a': 'b'},
                                        capabilities={}, sent_at=sent_at)

    def find(self, **filters: str) -> list[resources.ServiceStatus]:
        return self.service_statuses.find(fixture.ADMIN, filters, None, 100, 'created_at',
                                          'asc')['items']

    def states(self) -> dict[str, str]:
        return {each.service_name: each.status for each in self.find()}

    def test_one_row_per_role_and_host(self):
        for _ in range(2):
            for service, host in [('central', 'one'), ('central', 'two'), ('worker', 'one')]:
                self.beat(service, host)
        self.assertEqual({('central', 'one'), ('central', 'two'), ('worker', 'one')},
                         {(each.service_name, each.hostname) for each in self.find()})
        self.assertEqual(3, len(self.find()))

    def test_a_heartbeat_moves_the_time_and_keeps_the_id(self):
        self.beat('mdns')
        [first] = self.find()
        self.assertEqual((self.clock.now, self.clock.now, {'a': 'b'}),
                         (first.created_at, first.heartbeated_at, first.stats))
        self.clock.forward(10)
        self.beat('mdns', status='STOPPED')
        self.assertEqual([first.replace(status='STOPPED', heartbeated_at=self.clock.now,
                                        updated_at=self.clock.now)], self.find())
        self.assertEqual('STOPPED', self.service_statuses.get(fixture.ADMIN, first.id).status)

    def test_what_was_said_before_does_not_count_when_it_is_heard_later(self):
        """As when all centrals were away, and what waited for them comes in any order."""
        for sent_at, status in ((7, 'UP'), (9.5, 'STOPPED'), (9, 'UP'), (8, 'UP')):
            self.beat('mdns', status=status, sent_at=sent_at)
        self.assertEqual({'mdns': 'STOPPED'}, self.states())
        self.beat('mdns', sent_at=10)
        self.assertEqual({'mdns': 'UP'}, self.states())

    def test_a_clock_that_is_set_back(self):
        self.beat('mdns', status='STOPPED', sent_at=5000)
        self.clock.forward(30)
        self.beat('mdns', sent_at=1000)
        self.assertEqual({'mdns': 'STOPPED'}, self.states())
        self.clock.forward(31)
        self.beat('mdns', sent_at=1001)
        self.assertEqual({'mdns': 'UP'}, self.states())

    def test_what_is_silent_for_too_long_is_down(self):
        self.beat('old')
        self.beat('stopped', status='STOPPED')
        self.clock.forward(100)
        self.beat('new')
        self.assertEqual(0, self.service_statuses.check(fixture.ADMIN, silent_for=100))
        self.clock.forward(1)
        self.assertEqual(1, self.service_statuses.check(fixture.ADMIN, silent_for=100))
        self.assertEqual({'old': 'DOWN', 'stopped': 'STOPPED', 'new': 'UP'}, self.states())
        self.beat('old')
        self.assertEqual('UP', self.states()['old'])

    def test_what_stopped_or_went_down_long_ago_is_dropped(self):
        self.beat('down', status='DOWN')
        self.beat('stopped', status='STOPPED')
        self.beat('up')
        self.clock.forward(100)
        self.beat('stopped later', status='STOPPED')
        self.assertEqual(2, self.service_statuses.clean(fixture.ADMIN, older_than=50))
        self.assertEqual({'up': 'UP', 'stopped later': 'STOPPED'}, self.states())

    def test_filters(self):
        self.beat('central')
        self.beat('worker', 'two', 'STOPPED')
        for filters, names in [({'service_name': 'worker'}, ['worker']),
                               ({'hostname': 'one'}, ['central']), ({'status': 'UP'}, ['central']),
                               ({'hostname': 't*'}, ['worker']), ({'status': 'DOWN'}, [])]:
            with self.subTest(filters=filters):
                self.assertEqual(names, [each.service_name for each in self.find(**filters)])

    def test_nothing_there(self):
        with self.refused(errors.ServiceStatusNotFound):
            self.service_statuses.get(fixture.ADMIN, fixture.OTHER_POOL)

    def test_who_may(self):
        for call in (lambda: self.service_statuses.get(self.alpha, fixture.OTHER_POOL),
                     lambda: self.service_statuses.find(self.alpha, {}, None, 20, 'created_at',
                                                        'asc')):
            with self.refused(errors.Forbidden):
                call()
