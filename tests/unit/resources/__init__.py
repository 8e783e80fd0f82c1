# SPDX-License-Identifier: Apache-2.0
"""Unit tests of the nouns, their fields, and record data."""
