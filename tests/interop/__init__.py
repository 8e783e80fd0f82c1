# SPDX-License-Identifier: Apache-2.0
"""Real servers and real clients, each from a temporary directory on free loopback ports."""
