# SPDX-License-Identifier: Apache-2.0
"""Shares, transfers, tasks on zones and the API for operators, as stories."""
import pathlib

from tests.functional.http import site
from tests.functional.http import stories


class TenancyTest(stories.TestCase):
    """A test for each story of tenancy.yaml."""


class AdminTest(stories.TestCase):
    """A test for each story of admin.yaml, on a site of its own, as its numbers are of all."""

    def test_the_file_of_any_zone(self) -> None:
        reply = self.site.send('GET', f"/admin/zones/export/{self.ids['foreign']}",
                               site.CALLERS['admin'])
        self.assertEqual((200, 'text/dns; charset=UTF-8'),
                         (reply.code, reply.headers['content-type']))
        self.assertTrue(reply.text.startswith('$ORIGIN example.net.\n'), reply.text)


stories.add_tests(pathlib.Path(__file__).with_name('tenancy.yaml'), TenancyTest)
stories.add_tests(pathlib.Path(__file__).with_name('admin.yaml'), AdminTest)
