# SPDX-License-Identifier: Apache-2.0
"""Ansible, apart from the other real clients: the package that has its modules is very large."""
