# SPDX-License-Identifier: Apache-2.0
"""The worker: brings zones to their name servers and reports what these show."""
