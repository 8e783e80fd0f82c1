# SPDX-License-Identifier: Apache-2.0
"""Measurements, run by hand: ``python -m benchmarks.served``. None is a test."""
