# SPDX-License-Identifier: Apache-2.0
"""Signing requests to servers that ask for it (RFC 8945)."""
from collections.abc import Mapping

import dns.message
import dns.tsig

from designate_like.dnsio import exchange


class Signed:
    """An exchange that signs what it sends to some servers, and takes signed replies only.

    :param keys: for each of those servers its key, or why there is none; then it is not asked.
    """

    def __init__(self, exchange_: exchange.Exchange,
                 keys: Mapping[exchange.Address, dns.tsig.Key | str]) -> None:
        self._exchange = exchange_
        self._keys = keys

    def key(self, address: exchange.Address) -> dns.tsig.Key | None:
        """The key for a server; None where requests are not signed.

        :raises NoReply: when the key that it should be is missing.
        """
        key = self._keys.get(address)
        if isinstance(key, str):
            raise exchange.NoReply(key)
        return key

    async def ask(self, address: exchange.Address, query: dns.message.Message,
                  tcp: bool = False) -> dns.message.Message:
        """Return the reply to a request, as :meth:`Exchange.ask` does.

        :raises NoReply: when there is none, or the key is missing.
        """
        key = self.key(address)
        if key is not None:
            query.use_tsig(key)
        return await self._exchange.ask(address, query, tcp)
