# SPDX-License-Identifier: Apache-2.0
"""The hidden primary: transfers, SOA and ordinary answers to whoever is in scope, NOTIFY in."""
