# SPDX-License-Identifier: Apache-2.0
"""The HTTP API as data: each file of cases says what is sent and what must come back."""
