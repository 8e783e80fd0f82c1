# SPDX-License-Identifier: Apache-2.0
"""Blacklists: which names no zone may have."""
from designate_like import resources
from designate_like import store
from designate_like.central import noun


class Blacklists(noun.Noun):
    """What operators do with blacklists."""
    namespace = 'blacklists'
    kind = resources.Blacklist
    repository = store.blacklists.repository
