# SPDX-License-Identifier: Apache-2.0
"""What most URLs do, once for all nouns: list and create, show, update and delete."""
import collections
import dataclasses
import uuid
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

import webob

from designate_like import errors
from designate_like.api import http
from designate_like.api import view
from designate_like.resources import base
from designate_like.resources import lifecycle
from designate_like.resources import types

Handler = Callable[..., webob.Response]
Methods = Mapping[str, Handler]

# What a query may hold besides filters: the page, and the modifiers that auth has read.
_PAGE = ('limit', 'marker', 'sort_key', 'sort_dir')
_MODIFIERS = ('all_projects', 'all_tenants', 'edit_managed_records')


@dataclasses.dataclass(frozen=True)
class Noun:
    """What the handlers know of a resource besides its declaration.

    :param plural: its word in URLs and lists, and its namespace on the bus.
    :param path: the place of an item under /v2, a format string over ``item``.
    :param settles: changes take effect on name servers later, which the codes tell.
    :param updated: the code of an update, for what does not settle.
    :param present: central's method that gives an item to be changed, or refuses.
    :param check: refuses values that are well formed, for reasons of the configuration.
    :param counted: lists tell the number of all items in ``metadata``.
    :param countless: central can be asked not to count.
    :param filters: filters besides those that the declaration marks.
    :param sort_keys: what a list may be sorted by; unset is what the declaration marks.
    :param word: the name of the list in its document, where that is another than ``plural``.
    :param links: names and places, as ``path``, of what an item links to besides itself.
    :param located: the reply to a creation has a Location.
    :param bodiless: a creation may come without a body.
    """
    kind: type[base.Resource]
    plural: str
    path: str
    settles: bool = False
    updated: int = 200
    present: Callable[..., Any] = lambda nouns, ctx, **ids: nouns.get(ctx, **ids)
    check: Callable[[http.Request, Mapping[str, Any]], None] = lambda request, values: None
    counted: bool = False
    countless: bool = False
    filters: tuple[str, ...] = ()
    sort_keys: tuple[str, ...] = ()
    word: str = ''
    links: tuple[tuple[str, str], ...] = ()
    located: bool = True
    bodiless: bool = False

    def show(self, request: http.Request, thing: Any) -> dict[str, Any]:
        """The document of an item."""
        places = {name: path.format(item=thing) for name, path in self.links}
        return view.item(request, self.path.format(item=thing), thing, **places)

    def code(self, thing: Any, otherwise: int) -> int:
        """The code of a change that succeeded: 202 while it has still to reach name servers."""
        pending = self.settles and thing.status != lifecycle.ACTIVE
        return 202 if pending else otherwise

    def central(self, request: http.Request) -> Any:
        """Central's methods for the noun."""
        return getattr(request.central, self.plural)


class Collection:
    """A URL that stands for all items; ``scope`` are arguments that the URL does not give."""

    def __init__(self, noun: Noun, **scope: Any) -> None:
        self.noun = noun
        self._scope = scope

    def on(self, *methods: str) -> Methods:
        """The handlers of these HTTP methods."""
        every = {'GET': self.find, 'POST': self.create}
        return {method: every[method] for method in methods}

    def find(self, request: http.Request, **ids: str) -> webob.Response:
        """Show one page of the items that match."""
        noun = self.noun
        asked = question(request, noun)
        if noun.countless:
            asked['count'] = not request.ctx.hide_counts
        found = noun.central(request).find(request.ctx, **self._scope, **ids, **asked)
        items = [noun.show(request, each) for each in found['items']]
        metadata: dict[str, Any] | None = {} if noun.counted else None
        if noun.counted and asked.get('count', True):
            metadata = {'total_count': found['total']}
        word = noun.word or noun.plural
        return http.reply(200, view.page(request, word, items, asked['limit'], metadata))

    def create(self, request: http.Request, **ids: str) -> webob.Response:
        """Create an item from the body."""
        noun = self.noun
        body = request.document() if request.body or not noun.bodiless else {}
        values = noun.kind.parse(body, base.CREATE)
        noun.check(request, values)
        if noun.settles:    # By the id central knows a request that the bus delivers twice.
            values = {**values, 'id': str(uuid.uuid4())}
        thing = noun.central(request).create(request.ctx, **ids, values=values)
        document = noun.show(request, thing)
        headers = {'Location': document['links']['self']} if noun.located else {}
        return http.reply(noun.code(thing, 201), document, headers)


class Member:
    """A URL that stands for one item."""

    def __init__(self, noun: Noun) -> None:
        self.noun = noun

    def on(self, *methods: str) -> Methods:
        """The handlers of these HTTP methods."""
        every = {'GET': self.get, 'PATCH': self.update, 'PUT': self.update,
                 'DELETE': self.delete}
        return {method: every[method] for method in methods}

    def get(self, request: http.Request, **ids: str) -> webob.Response:
        """Show the item."""
        thing = self.noun.central(request).get(request.ctx, **ids)
        return http.reply(200, self.noun.show(request, thing))

    def update(self, request: http.Request, **ids: str) -> webob.Response:
        """Change what the body holds of the item; the item comes first, then the body."""
        noun, central = self.noun, self.noun.central(request)
        request.expect_json()
        present = noun.present(central, request.ctx, **ids)
        values = noun.kind.parse(request.document(), base.UPDATE, present)
        noun.check(request, values)
        thing = central.update(request.ctx, **ids, values=values)
        return http.reply(noun.code(thing, noun.updated), noun.show(request, thing))

    def delete(self, request: http.Request, **ids: str) -> webob.Response:
        """Delete the item; one that takes time to go is shown as it goes."""
        thing = self.noun.central(request).delete(request.ctx, **ids)
        if self.noun.settles:
            return http.reply(202, self.noun.show(request, thing))
        return http.reply(204)


def question(request: http.Request, noun: Noun) -> dict[str, Any]:
    """What a list is asked for, as the arguments of central's ``find``.

    :raises BadRequest: for filters that the noun does not have, or that come twice.
    :raises InvalidLimit, InvalidMarker, InvalidSortKey, InvalidSortDir: as they say.
    """
    pairs = [pair for pair in http.query(request.environ) if pair[0] not in _MODIFIERS]
    given = dict(pairs)
    filters = {name: value for name, value in given.items() if name not in _PAGE}
    allowed = (*noun.kind.names('match'), *noun.filters)
    unknown = [name for name in filters if name not in allowed]
    if unknown:
        raise errors.BadRequest(f"Invalid filters {', '.join(unknown)}")
    counts = collections.Counter(name for name, _ in pairs)
    repeated = [name for name, count in counts.items() if count > 1]
    if repeated:
        raise errors.BadRequest(f"Duplicate filters {', '.join(repeated)}")
    marker = given.get('marker')
    if marker is not None and not types.is_uuid(marker):
        raise errors.InvalidMarker(f"'{marker}' is not a marker, which is the id of an item")
    sort_dir = given.get('sort_dir', 'asc')
    if sort_dir not in ('asc', 'desc'):
        raise errors.InvalidSortDir(f"'{sort_dir}' is not a direction: asc or desc")
    return {'filters': filters, 'marker': marker, 'limit': _limit(request, given.get('limit')),
            'sort_key': _sort_key(request, noun, given.get('sort_key', 'created_at')),
            'sort_dir': sort_dir}


def _limit(request: http.Request, text: str | None) -> int:
    """The number of items on a page; more than the configuration allows counts as its most."""
    if text is None:
        return request.settings.default_limit
    if text == 'max':
        return request.settings.max_limit
    if not (text.isascii() and text.isdigit() and text.strip('0')):
        raise errors.InvalidLimit(f"'{text}' is not a limit: a positive whole number, or max")
    digits = text.lstrip('0')[:10]      # Enough to be more than any limit.
    return min(int(digits), request.settings.max_limit)


def _sort_key(request: http.Request, noun: Noun, key: str) -> str:
    """The member to sort by; ``tenant_id`` has no effect on the things of one project."""
    allowed = noun.sort_keys or noun.kind.names('sort')
    if key not in allowed:
        raise errors.InvalidSortKey(f"'{key}' is not a sort key: {', '.join(allowed)}")
    if key == 'tenant_id':
        return 'project_id' if request.ctx.all_tenants else 'created_at'
    return key
