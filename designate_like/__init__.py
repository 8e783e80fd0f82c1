# SPDX-License-Identifier: Apache-2.0
"""DNS as a service: the OpenStack DNS v2 API in front of ordinary DNS servers."""
