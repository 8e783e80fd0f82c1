# SPDX-License-Identifier: Apache-2.0
"""Pure functions: no database, bus or socket. The folders mirror designate_like/."""
