# SPDX-License-Identifier: Apache-2.0
"""The role that decides: authorization, rules, quotas, and every write to the database."""
