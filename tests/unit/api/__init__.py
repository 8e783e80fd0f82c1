# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.api: the whole WSGI application, with a central that is made up."""
