# SPDX-License-Identifier: Apache-2.0
"""Blacklists in the database."""
from designate_like import errors
from designate_like import resources
from designate_like.store import repository as base
from designate_like.store import tables

repository = base.Repository(resources.Blacklist, tables.blacklists, errors.BlacklistNotFound,
                             errors.DuplicateBlacklist)
