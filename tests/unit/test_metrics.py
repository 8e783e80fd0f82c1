# SPDX-License-Identifier: Apache-2.0
"""Metrics: what is counted, and the page on which Prometheus finds it.

The library chooses at its import how to count, so each test runs in a process of its own.
"""
import os
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

from designate_like import metrics
from tests import base


def run(directory: str) -> None:
    """What the process of the test does: the parent and a child count; the page has both."""
    def gauges() -> Iterator[object]:
        yield metrics.family('zones', 'Zones', 'status', {'ACTIVE': 3, 'ERROR': 1})
    metrics.count('swept_zones_total', task='sweep')        # Nobody counts yet.
    server = metrics.Server('127.0.0.1', 0, pathlib.Path(directory, 'role'), gauges)
    if not os.fork():
        metrics.count('swept_zones_total', 5, task='sweep')
        os._exit(0)
    os.wait()
    metrics.count('swept_zones_total', 2, task='sweep')
    with metrics.timed('rpc_call_seconds', method='zones.get'):
        pass
    try:
        with metrics.timed('rpc_call_seconds', method='zones.get'):
            raise KeyError
    except KeyError:
        pass
    metrics.observe('rpc_wait_seconds', 0.02)
    url = 'http://{}:{}/metrics'.format(*server.address)
    with urllib.request.urlopen(url) as page:
        print(page.read().decode())
    try:
        urllib.request.urlopen(url + '/other')
    except urllib.error.HTTPError as error:
        print('status', error.code)
        error.close()
    server.stop()
    metrics.forget(pathlib.Path(directory, 'role'))
    print('left', os.listdir(directory))


class MetricsTest(base.TestCase):

    def test_the_page(self):
        done = subprocess.run([sys.executable, '-m', __name__, str(self.directory())],
                              capture_output=True, text=True, check=True, timeout=60)
        for line in ('designate_like_swept_zones_total{task="sweep"} 7.0',
                     'designate_like_rpc_call_seconds_count{method="zones.get",outcome="ok"} 1.0',
                     'designate_like_rpc_call_seconds_count{method="zones.get",'
                     'outcome="KeyError"} 1.0',
                     'designate_like_rpc_wait_seconds_bucket{le="0.025"} 1.0',
                     'designate_like_rpc_wait_seconds_bucket{le="0.01"} 0.0',
                     'designate_like_zones{status="ACTIVE"} 3.0',
                     'status 404', 'left []'):
            self.assertIn(line, done.stdout.splitlines(), done.stdout)

    def test_nothing_is_counted_unless_it_is_served(self):
        metrics.count('no such metric')
        with metrics.timed('nor this'):
            pass

    def test_names_and_units_and_documentation(self):
        page = pathlib.Path(metrics.__file__).parent.parent / 'doc/source/admin/monitoring.rst'
        text = page.read_text()
        for name, metric in metrics.METRICS.items():
            self.assertIn(f'``{name}``', text)
            self.assertRegex(name, '_seconds$' if metric.buckets else '_total$')
            self.assertRegex(metric.help, '^[A-Z]')


class UseTest(base.TestCase):

    def test_every_metric_is_used_as_it_is_declared(self):
        """Each use names a metric of the table and gives its labels; each metric is used."""
        top = pathlib.Path(metrics.__file__).parent
        used = set()
        for path in top.rglob('*.py'):
            for kind, name, rest in re.findall(
                    r"metrics\.(count|observe|timed)\(\s*'(\w+)'([^\n]*(?:\n[^\n]*)?)",
                    path.read_text()):
                used.add(name)
                self.assertIn(name, metrics.METRICS, path)
                for label in metrics.METRICS[name].labels:
                    if not (kind == 'timed' and label == 'outcome'):
                        self.assertIn(f'{label}=', rest, f'{path}: {name}')
        self.assertEqual(set(metrics.METRICS), used)


if __name__ == '__main__':
    run(sys.argv[1])
