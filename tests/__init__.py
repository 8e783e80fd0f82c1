# SPDX-License-Identifier: Apache-2.0
"""The tests: unit, functional and interop, each run by a tox environment of its name."""
# Chooses native threads before a test module imports oslo.messaging.
import designate_like.cmd  # noqa: F401
