# SPDX-License-Identifier: Apache-2.0
"""The role that turns notifications of other services into records, by handlers."""
