# SPDX-License-Identifier: Apache-2.0
"""Requests that are refused, each with its code, its type and the shape of the error."""
import pathlib

from tests.functional.http import cases


class RejectedTest(cases.TestCase):
    """A test for each case of rejected.yaml."""


cases.add_tests(pathlib.Path(__file__).with_name('rejected.yaml'), RejectedTest, 'refused')
