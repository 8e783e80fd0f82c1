# SPDX-License-Identifier: Apache-2.0
"""Types and statements that all threads use.

CPython 3.11 makes the ``__dict__`` of an object when somebody looks at it first. Meanwhile it may
collect garbage, and so let another thread have its turn; if that one looks too, there are two dicts
over the same memory, which goes with one of them, and the interpreter crashes. SQLAlchemy looks
there for what it has found out of a type or a statement; so these get theirs before threads do.
"""
import gc
from typing import TypeVar

import sqlalchemy
from sqlalchemy.sql import visitors

S = TypeVar('S', bound=sqlalchemy.Executable)


def prepare() -> None:
    """Prepare all that there is, while there is one thread."""
    for each in gc.get_objects():
        if issubclass(type(each), visitors.Visitable):
            _look(each)


def prepared(statement: S) -> S:
    """A statement that is made later and kept."""
    for each in visitors.iterate(statement):
        _look(each)
    return statement


def _look(thing: visitors.Visitable) -> None:
    getattr(thing, '__dict__', None)
