# SPDX-License-Identifier: Apache-2.0
"""Reverse floating IPs over HTTP, with a network service that is a list in memory."""
import pathlib
import uuid

from designate_like.central import network
from tests.functional.http import stories

# Name of a floating IP in the stories, its project, its address.
LENT = (('fip', 'mine', '203.0.113.5'), ('fip6', 'mine', '2001:db8::5'),
        ('free', 'mine', '198.51.100.6'), ('their1', 'other', '203.0.113.7'),
        ('their2', 'other', '203.0.113.8'))


class FloatingipsTest(stories.TestCase):
    """A test for each story of floatingips.yaml."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.ids = {**cls.ids, 'long': 'x' * 161}
        for name, project_id, address in LENT:
            cls.ids[name] = f'north.1_a-B:{uuid.uuid4()}'
            network.Fake.lent[cls.ids[name]] = project_id, address
        cls.addClassCleanup(network.Fake.lent.clear)


stories.add_tests(pathlib.Path(__file__).with_name('floatingips.yaml'), FloatingipsTest)
