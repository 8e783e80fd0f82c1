# SPDX-License-Identifier: Apache-2.0
"""Central over a real database: endpoints are called, the worker is a recorder."""
