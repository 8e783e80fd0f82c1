# SPDX-License-Identifier: Apache-2.0
"""Whole roles in one process: SQLite, in-process bus, loopback sockets."""
