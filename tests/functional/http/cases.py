# SPDX-License-Identifier: Apache-2.0
"""Turning a file of cases into tests.

A file is a list of groups. A group has a ``request`` ("POST /v2/zones"), a ``body``, headers,
a caller (``as``, see site.CALLERS), and ``cases``, each of which may change any of that:

    with: {name: x}      members of the body that are other than in the group
    without: [name]      members that are left out
    body: []             another body, or ``text`` for one that is sent as it is
    headers: {...}       more headers; an empty value takes one away
    is: 400 bad_request  the code and the type of the error
    says: a sentence     what its message holds
    lists: [path rule]   its problems: the path, parts joined by slashes, and the validator

    long: 64             how many letters the word LONG stands for

``<name>`` stands for the id of something that site.Site.populate() has made. A class may have
``overrides``, the options that are other than in site.py.
"""
import json
import pathlib
import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import ClassVar

import yaml

from tests import base
from tests.functional.http import site

_KEYS = {'request', 'body', 'headers', 'as', 'cases', 'with', 'without', 'text', 'is', 'says',
         'lists', 'long'}


class TestCase(base.TestCase):
    """One site for all cases of a class."""
    site: site.Site
    ids: Mapping[str, str]
    overrides: ClassVar[tuple[tuple[str, Any, str], ...]] = ()

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.site = site.Site(cls.overrides)
        cls.addClassCleanup(cls.site.stop)
        cls.site.start()
        cls.ids = cls.site.populate()

    def fill(self, value: Any) -> Any:
        """Put ids in place of their names."""
        text = json.dumps(value)
        for name, id_ in self.ids.items():
            text = text.replace(f'<{name}>', id_)
        return json.loads(text)

    def send(self, case: Mapping[str, Any]) -> site.Reply:
        """Send the request of a case."""
        case = self.fill(case)
        method, path = case['request'].split(' ', 1)
        headers = dict(site.CALLERS[case.get('as', 'member')])
        body = case['text'].encode() if 'text' in case else None
        if 'body' in case and body is None:
            body = json.dumps(case['body']).encode()
        if body is not None:
            headers['Content-Type'] = 'application/json'
        headers.update(case.get('headers', {}))
        return self.site.send(method, path, {k: v for k, v in headers.items() if v}, body)

    def refused(self, case: Mapping[str, Any]) -> None:
        """Check the code, the type and the shape of an error, to the last key."""
        reply = self.send(case)
        code, type_ = case['is'].split()
        self.assertEqual((int(code), type_), (reply.code, reply.json.get('type')), reply.text)
        self.assertEqual('application/json', reply.headers['content-type'])
        shown = reply.json
        self.assertEqual(int(code), shown.pop('code'))
        self.assertEqual(reply.headers['x-openstack-request-id'], shown.pop('request_id'))
        del shown['type']
        if type_ == 'method_not_allowed':
            self.assertEqual({}, shown)
        elif 'lists' in case:
            self.assertEqual(['errors'], list(shown))
            self._lists(case['lists'], shown['errors'])
        else:
            self.assertEqual(['message'], list(shown))
            self.assertIn(self.fill(case.get('says', '')), shown['message'])
            if type_ == 'invalid_object':
                self.assertTrue(shown['message'].startswith('Provided object is not valid.'))

    def _lists(self, wanted: list[str], shown: Any) -> None:
        self.assertEqual(['errors'], list(shown))
        for problem in shown['errors']:
            self.assertEqual({'path', 'message', 'validator', 'validator_value'}, set(problem))
            self.assertIsInstance(problem['message'], str)
        self.assertEqual(wanted, [f"{'/'.join(map(str, each['path']))} {each['validator']}"
                                  for each in shown['errors']])


def read(path: pathlib.Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The cases of a file, each with a name for its test."""
    for group in yaml.safe_load(path.read_text()):
        common = {key: value for key, value in group.items() if key != 'cases'}
        for number, changes in enumerate(group['cases'], 1):
            unknown = (set(group) | set(changes)) - _KEYS
            if unknown:
                raise ValueError(f'{path.name}: unknown keys {unknown}')
            case = {**common, **changes}
            if 'with' in case or 'without' in case:
                body = {**case['body'], **case.pop('with', {})}
                for name in case.pop('without', ()):
                    del body[name]
                case['body'] = body
            if 'long' in case:
                case = json.loads(json.dumps(case).replace('LONG', 'x' * case['long']))
            words = re.sub(r'\W+', '_', f"{case['request']}_{json.dumps(changes)}").lower()
            yield f'test_{words[:60]}_{number:02}', case


def add_tests(path: pathlib.Path, kind: type[TestCase], check: str) -> None:
    """Give a class a test for each case of a file, which calls its method ``check``."""
    for name, case in read(path):
        if hasattr(kind, name):
            raise ValueError(f'{path.name}: two cases are called {name}')

        def test(self: TestCase, case: dict[str, Any] = case) -> None:
            getattr(self, check)(case)
        setattr(kind, name, test)
