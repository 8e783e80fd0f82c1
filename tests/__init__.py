# SPDX-License-Identifier: Apache-2.0
"""The tests: unit, functional and interop, each run by a tox environment of its name."""
import designate_like  # noqa: F401  It chooses threads before a test imports oslo.messaging.
