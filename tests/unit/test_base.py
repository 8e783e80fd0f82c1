# SPDX-License-Identifier: Apache-2.0
"""The promises of tests/base.py: a test cannot overlook a warning, a thread or a program."""
import os
import threading
import unittest
import unittest.mock
import warnings

from tests import base


def _run(body):
    """Run ``body(test)`` as a test of its own and return the result."""
    class Case(base.TestCase):
        """A test that the test runner does not see."""

        def test(self):
            body(self)

    result = unittest.TestResult()
    Case('test').run(result)
    return result


def _end_thread(test):
    thread = threading.Thread(target=lambda: {}['missing'])
    thread.start()
    thread.join()


class TestCaseTest(base.TestCase):

    def test_a_quiet_test_passes(self):
        self.assertTrue(_run(lambda test: None).wasSuccessful())

    def test_a_warning_is_an_error(self):
        result = _run(lambda test: warnings.warn('old', DeprecationWarning))
        self.assertEqual(1, len(result.errors))

    def test_a_thread_that_ends_with_an_exception_is_a_failure(self):
        with unittest.mock.patch('threading.excepthook'):
            result = _run(_end_thread)
        self.assertEqual(1, len(result.failures))
        self.assertIn("KeyError('missing')", result.failures[0][1])

    def test_a_directory_is_gone_after_the_test(self):
        made = []
        _run(lambda test: made.append(test.directory()))
        self.assertFalse(made[0].exists())


class RequireTest(base.TestCase):

    def test_a_program_that_is_there(self):
        self.assertTrue(os.access(base.require('sh'), os.X_OK))

    def test_a_missing_program_skips_the_test(self):
        with unittest.mock.patch.dict('os.environ', CI='', PATH=''):
            with self.assertRaisesRegex(unittest.SkipTest, 'no-such-program'):
                base.require('no-such-program')

    def test_a_missing_program_fails_the_test_under_ci(self):
        with unittest.mock.patch.dict('os.environ', CI='true'):
            with self.assertRaisesRegex(AssertionError, 'no-such-program'):
                base.require('no-such-program')


class WaitTest(base.TestCase):

    def test_it_returns_the_first_true_value(self):
        values = iter([0, '', 'here', 'later'])
        self.assertEqual('here', base.wait(lambda: next(values), pause=0))

    def test_it_fails_with_the_last_value_when_the_time_is_up(self):
        with self.assertRaisesRegex(AssertionError, 'last seen: 0'):
            base.wait(lambda: 0, timeout=0)
