# SPDX-License-Identifier: Apache-2.0
"""The role that works by the clock, over its share of the shards."""
