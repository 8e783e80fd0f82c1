# SPDX-License-Identifier: Apache-2.0
"""Who asks, and what they asked to be allowed: it goes with every call, from role to role."""
import copy
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from oslo_context import context

from designate_like import policy

# What oslo.context's own dict leaves out or calls by another name, and what we add.
_NAMES = ('user_name', 'project_name', 'domain_name', 'user_domain_name', 'project_domain_name')
_MODIFIERS = ('all_tenants', 'edit_managed_records', 'hard_delete', 'delete_shares',
              'hide_counts', 'sudo', 'client_addr')


class RequestContext(context.RequestContext):
    """The caller of a request, and the modifiers that its headers set.

    ``is_admin`` marks the service itself, for which no policy is asked; a user with the role
    admin does not have it.
    """

    FROM_DICT_EXTRA_KEYS = [*_MODIFIERS, 'service_catalog']

    def __init__(self, *, all_tenants: bool = False, edit_managed_records: bool = False,
                 hard_delete: bool = False, delete_shares: bool = False,
                 hide_counts: bool = False, sudo: str | None = None,
                 client_addr: str | None = None,
                 service_catalog: Sequence[Mapping[str, Any]] | None = None,
                 **kwargs: Any) -> None:
        """Make a context; the other keywords are those of oslo.context.

        :param all_tenants: see and change what any project owns.
        :param edit_managed_records: change recordsets that the service manages.
        :param hard_delete: on deletion of a zone remove its files on the servers too.
        :param delete_shares: on deletion of a zone remove its shares first.
        :param hide_counts: leave total counts out of lists of recordsets.
        :param sudo: the caller's own project, where it acts as another.
        :param client_addr: the address from which the request came.
        :param service_catalog: where the caller's token is of use: of the catalog in the token,
            in the form of Keystone's version 2, what central may have to ask.
        """
        super().__init__(**kwargs)
        self.all_tenants = bool(all_tenants)
        self.edit_managed_records = bool(edit_managed_records)
        self.hard_delete = bool(hard_delete)
        self.delete_shares = bool(delete_shares)
        self.hide_counts = bool(hide_counts)
        self.sudo = sudo
        self.client_addr = client_addr
        self.service_catalog = list(service_catalog or ())

    def to_dict(self) -> dict[str, Any]:
        """Return the form that goes over the bus."""
        values = super().to_dict()
        values.update((name, getattr(self, name)) for name in _NAMES + _MODIFIERS)
        values['roles'] = list(self.roles)
        values['service_catalog'] = self.service_catalog
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], **kwargs: Any) -> 'RequestContext':
        """Return the context that :meth:`to_dict` described."""
        return super().from_dict(values, **kwargs)

    def elevated(self, **changes: Any) -> 'RequestContext':
        """Return a copy that acts for the service itself, with these attributes changed.

        The request id stays, so the log tells for whom it acts; the roles stay the caller's.
        """
        other = copy.copy(self)
        other.roles = list(self.roles)
        other.is_admin = True
        for name, value in changes.items():
            setattr(other, name, value)
        return other

    def allows(self, rule: str, target: Mapping[str, Any]) -> bool:
        """Whether the caller may do what the rule guards to the target."""
        return policy.allows(self, rule, target)

    def authorize(self, rule: str, target: Mapping[str, Any]) -> None:
        """Refuse what the caller may not do.

        :param target: what :func:`policy.target` made of the object in question.
        :raises errors.Forbidden: the rule says no.
        :raises errors.InvalidTokenScope: the token is not for a project.
        """
        policy.authorize(self, rule, target)


def admin(**kwargs: Any) -> RequestContext:
    """Return the context of the service itself: every project, no policy, its own request id."""
    kwargs.setdefault('overwrite', False)
    return RequestContext(is_admin=True, roles=['admin'], all_tenants=True, **kwargs)
