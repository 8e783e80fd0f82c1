# SPDX-License-Identifier: Apache-2.0
"""Calling central from the event loop: what it is asked, and what is reported to it."""
import asyncio
import concurrent.futures
import functools
import logging
from typing import Any

from designate_like import context
from designate_like import errors
from designate_like import rpc

LOG = logging.getLogger(__name__)

# Seconds to wait before each further try while central is away.
PAUSES = (0.2, 1.0)


class Central:
    """Calls in threads, so that nothing else waits for them."""

    def __init__(self, client: rpc.Client, threads: int) -> None:
        self._client = client
        self._threads = concurrent.futures.ThreadPoolExecutor(threads, 'central')

    def close(self) -> None:
        """Call no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def get(self, noun: str, ctx: context.RequestContext, **which: str) -> Any:
        """Return what central knows; tries again for a moment when it is away.

        :raises errors.Error: as central does.
        """
        return await self._call(noun, 'get', ctx, which)

    async def call(self, noun: str, verb: str, ctx: context.RequestContext, **which: str) -> Any:
        """Have central do something; see :meth:`get`."""
        return await self._call(noun, verb, ctx, which)

    async def report(self, verb: str, ctx: context.RequestContext, **facts: Any) -> bool:
        """Tell central something of a zone; returns whether it has heard.

        What it has not heard the sweep finds out again.
        """
        try:
            await self._call('zones', verb, ctx, facts)
        except errors.NotFound:
            LOG.debug('Too late for %s: there is no zone %s', verb, facts['zone_id'])
        except errors.Error as error:
            LOG.warning('Central has not heard %s of zone %s: %s', verb, facts['zone_id'],
                        error.message)
            return False
        return True

    async def _call(self, noun: str, verb: str, ctx: context.RequestContext,
                    kwargs: dict[str, Any]) -> Any:
        method = functools.partial(getattr(getattr(self._client, noun), verb), ctx, **kwargs)
        loop = asyncio.get_running_loop()
        for pause in PAUSES:
            try:
                return await loop.run_in_executor(self._threads, method)
            except (errors.Unavailable, errors.Timeout):
                await asyncio.sleep(pause)
        return await loop.run_in_executor(self._threads, method)
