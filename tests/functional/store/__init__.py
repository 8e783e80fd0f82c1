# SPDX-License-Identifier: Apache-2.0
"""The store over a real database."""
