# SPDX-License-Identifier: Apache-2.0
"""Speaking to DNS servers: NOTIFY to them, and asking them what they serve.

Everything here runs in an asyncio event loop and waits for many servers at once; a server that
is slow or away delays nobody but those who ask it.
"""
from designate_like.dnsio.exchange import Address
from designate_like.dnsio.exchange import Exchange
from designate_like.dnsio.exchange import NoReply
from designate_like.dnsio.notify import notify
from designate_like.dnsio.probe import Answer
from designate_like.dnsio.probe import NO_ZONE
from designate_like.dnsio.probe import SILENCE
from designate_like.dnsio.probe import probe
from designate_like.dnsio.signed import Signed

__all__ = ('Address', 'Answer', 'Exchange', 'NO_ZONE', 'NoReply', 'SILENCE', 'Signed',
           'notify', 'probe')
