# SPDX-License-Identifier: Apache-2.0
"""What threads share of SQLAlchemy has its dicts before they start; see store/shared.py."""
import subprocess
import sys

from tests import base

# What a dict was made of refers to it, and not to what the dict holds.
_LACKING = """
import gc
from sqlalchemy.sql import visitors
from designate_like import store
from designate_like.store import query
from designate_like.store import tables

def lacks(thing):
    held = gc.get_referents(thing)
    return not any(type(each) is dict and each is thing.__dict__ for each in held)

kept = [visitors.iterate(each) for each in (
    store.zones._by_id(True), store.zones._enclosing(True, False), query._insert(tables.zones),
    store.receipts._newer_wins('sqlite'), store.receipts._newer_wins('mysql'))]
things = [each for each in gc.get_objects() if issubclass(type(each), visitors.Visitable)]
print(len(things), sum(map(lacks, things)), sum(lacks(each) for run in kept for each in run))
"""


class SharedTest(base.TestCase):

    def test_nothing_is_left_to_be_made_by_threads(self) -> None:
        said = subprocess.run([sys.executable, '-c', _LACKING], capture_output=True, text=True,
                              check=True).stdout
        count, lacking, later = map(int, said.split())
        self.assertGreater(count, 1000)
        self.assertEqual((0, 0), (lacking, later))
