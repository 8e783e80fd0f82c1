# SPDX-License-Identifier: Apache-2.0
"""Resources as the API shows them: with their links, alone or in lists."""
import urllib.parse
from collections.abc import Sequence
from typing import Any

from designate_like.api import http
from designate_like.resources import base


def item(request: http.Request, path: str, thing: base.Resource, **places: str) -> dict[str, Any]:
    """One resource.

    :param path: its place under /v2.
    :param places: those of what it links to, by name.
    """
    places = {'self': path, **places}
    return {**thing.view(), 'links': {name: request.link(each) for name, each in places.items()}}


def page_links(request: http.Request, last: str | None) -> dict[str, str]:
    """The links of one page of a list: itself and, if there may be more, the next.

    :param last: the id of the last item of a full page.
    """
    links = {'self': request.link(request.place, request.query_string)}
    if last is not None:
        others = [each for each in request.query_string.split('&')
                  if each and urllib.parse.unquote(each.partition('=')[0]) != 'marker']
        links['next'] = request.link(request.place, '&'.join([*others, f'marker={last}']))
    return links


def page(request: http.Request, plural: str, items: Sequence[dict[str, Any]], limit: int,
         metadata: dict[str, Any] | None) -> dict[str, Any]:
    """One page of a list.

    :param metadata: None for the lists that have none.
    """
    last = items[-1]['id'] if items and len(items) == limit else None
    document = {plural: items, 'links': page_links(request, last)}
    if metadata is not None:
        document['metadata'] = metadata
    return document
