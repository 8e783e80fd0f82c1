# SPDX-License-Identifier: Apache-2.0
"""The tests: unit, functional and interop, each run by a tox environment of its name."""
