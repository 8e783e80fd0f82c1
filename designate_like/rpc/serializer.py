# SPDX-License-Identifier: Apache-2.0
"""What travels over the bus: resources, lists and maps of them, scalars, and the context.

Each is turned into new lists and dicts, so that caller and callee never share an object, not
even inside one process.
"""
import time
from collections.abc import Mapping
from typing import Any

import oslo_messaging

from designate_like import context
from designate_like import metrics
from designate_like.resources import base

_SENT_AT = 'sent_at'        # Seconds since 1970.
_TRUE_UNLESS_SAID = 'is_admin_project'
_SCALARS = (str, int, float, bool, type(None))


class Serializer(oslo_messaging.Serializer):
    """Turns the arguments, results and contexts of calls into JSON values and back."""

    def serialize_entity(self, ctxt: context.RequestContext | None, entity: Any) -> Any:
        """Return the JSON value of an argument or a result.

        :raises TypeError: for what would not arrive as it was sent.
        """
        return _pack(entity)

    def deserialize_entity(self, ctxt: context.RequestContext | None, entity: Any) -> Any:
        """Return what :meth:`serialize_entity` was given; tuples come back as lists."""
        return _unpack(entity)

    def serialize_context(self, ctxt: context.RequestContext) -> dict[str, Any]:
        """Return who asks, and when, as a dict without what a context does not have anyway."""
        return {**{name: value for name, value in ctxt.to_dict().items()
                   if value or name == _TRUE_UNLESS_SAID}, _SENT_AT: time.time()}

    def deserialize_context(self, ctxt: Mapping[str, Any]) -> context.RequestContext:
        """Return who asks; log lines of this thread name the request from now on."""
        if _SENT_AT in ctxt:        # Clocks of two hosts may differ by more than the way takes.
            metrics.observe('rpc_wait_seconds', max(0, time.time() - ctxt[_SENT_AT]))
        return context.RequestContext.from_dict(ctxt)


def _pack(thing: Any) -> Any:
    if isinstance(thing, _SCALARS):
        return thing
    if isinstance(thing, base.Resource):
        return base.to_dict(thing)
    if isinstance(thing, Mapping):
        return {key: _pack(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_pack(each) for each in thing]
    raise TypeError(f'{type(thing).__name__} does not travel over the message bus')


def _unpack(thing: Any) -> Any:
    if isinstance(thing, dict):
        if '__resource__' in thing:
            return base.from_dict(thing)
        return {key: _unpack(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [_unpack(each) for each in thing]
    return thing
