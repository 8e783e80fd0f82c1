# SPDX-License-Identifier: Apache-2.0
"""Turning a file of stories into tests: requests in a row that succeed, and what each returns.

A file is a list of stories, each with a ``story`` (its name), a caller (``as``, see
site.CALLERS) and ``steps``. A step has the keys of cases.py that say what is sent, and

    is: 201              the code; with a type, "403 forbidden", a step that is refused
    gives: {name: x}     what the document holds; of maps inside it, too, only this is looked at.
                         <uuid> and <time> are any of their kind, <any> is anything but null.
    has: [id, name]      all members of the document
    lacks: [metadata]    members that it does not have
    keep: tld            <tld> stands for the id of the document from here on
    keeps: {name: key}   <name> stands for that member of it

Of every reply it is checked that 204, and nothing else, comes without a document, that it has a
request id, and that a creation's Location is what links.self says; ``keep`` needs no other mark.
"""
import pathlib
import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.functional.http import cases
from tests.functional.http import site

_KEYS = {'request', 'body', 'headers', 'as', 'text', 'is', 'gives', 'has', 'lacks', 'keep', 'keeps',
         'unlocated', 'says', 'lists'}
_PATTERNS = {
    '<uuid>': re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'),
    '<time>': re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}'),
    '<any>': re.compile('.*', re.DOTALL),
}


class TestCase(cases.TestCase):
    """Tells stories to one site."""

    def tell(self, story: Mapping[str, Any]) -> None:
        """Take the steps of a story, one after the other."""
        self.ids = dict(self.ids)       # What it keeps is its own.
        for number, step in enumerate(story['steps'], 1):
            step = {'as': story.get('as', 'member'), **step}
            with self.subTest(step=number, request=step['request']):
                self._take(step)

    def _take(self, step: Mapping[str, Any]) -> None:
        if ' ' in str(step['is']):
            self.refused(step)
            return
        reply = self.send(step)
        self.assertEqual(step['is'], reply.code, reply.text)
        self.assertIn('x-openstack-request-id', reply.headers)
        if reply.code == 204:
            self.assertEqual(('', None), (reply.text, reply.headers.get('content-type')))
            return
        self.assertEqual('application/json', reply.headers['content-type'])
        shown = reply.json
        if 'keep' in step:
            self.ids[step['keep']] = shown['id']
        self.ids.update((name, shown[member]) for name, member in step.get('keeps', {}).items())
        self._compare(step, reply, shown)

    def _compare(self, step: Mapping[str, Any], reply: site.Reply, shown: Any) -> None:
        located = step['request'].startswith('POST ') and not step.get('unlocated')
        self.assertEqual(shown['links']['self'] if located else None,
                         reply.headers.get('location'))
        if 'has' in step:
            self.assertEqual(set(step['has']), set(shown))
        for name in step.get('lacks', ()):
            self.assertNotIn(name, shown)
        self._match(self.fill(step.get('gives', {})), shown, 'document')

    def _match(self, wanted: Any, shown: Any, where: str) -> None:
        if isinstance(wanted, dict):
            self.assertIsInstance(shown, dict, where)
            for name, value in wanted.items():
                self.assertIn(name, shown, where)
                self._match(value, shown[name], f'{where}.{name}')
        elif isinstance(wanted, list):
            self.assertEqual(len(wanted), len(shown), f'{where}: {shown}')
            for index, value in enumerate(wanted):
                self._match(value, shown[index], f'{where}[{index}]')
        elif wanted in _PATTERNS:
            self.assertIsNotNone(shown, where)
            self.assertTrue(_PATTERNS[wanted].fullmatch(str(shown)), f'{where}: {shown!r}')
        else:
            self.assertEqual(wanted, shown, where)


def add_tests(path: pathlib.Path, kind: type[TestCase]) -> None:
    """Give a class a test for each story of a file."""
    for story in yaml.safe_load(path.read_text()):
        name = 'test_' + re.sub(r'\W+', '_', story['story']).lower()
        unknown = set(story) - {'story', 'as', 'steps'}
        unknown |= {key for step in story['steps'] for key in step} - _KEYS
        if unknown or hasattr(kind, name):
            raise ValueError(f'{path.name}: {name} is there twice, or has unknown keys {unknown}')

        def test(self: TestCase, story: dict[str, Any] = story) -> None:
            self.tell(story)
        setattr(kind, name, test)
