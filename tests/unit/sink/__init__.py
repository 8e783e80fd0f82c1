# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.sink."""
