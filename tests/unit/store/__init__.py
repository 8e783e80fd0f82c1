# SPDX-License-Identifier: Apache-2.0
"""What the store decides without a database."""
