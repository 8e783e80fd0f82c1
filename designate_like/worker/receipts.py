# SPDX-License-Identifier: Apache-2.0
"""What name servers have shown, on its way to central.

A report that goes there anyway takes along what is new of its zone; the rest follows after a
moment, that of many zones in one call.
"""
import asyncio
import logging

from oslo_utils import timeutils

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.resources import serials
from designate_like.worker import central

LOG = logging.getLogger(__name__)

# Seconds that news waits for a report to go with, and for other news.
LINGER = 1.0

# Receipts in one call.
_BATCH = 500


def receipt(zone: resources.Zone, address: dnsio.Address, answer: dnsio.Answer,
            problem: str = '') -> resources.Receipt:
    """What an answer that has just come, or has not, says of a zone.

    :param problem: why the server could not be told what it needs to know.
    """
    now = timeutils.utcnow(with_timezone=False)
    shown = None if answer.serial is None else serials.shown(answer.serial, zone.serial)
    # Both may be the same, as with a key that neither NOTIFY nor polls can be signed with.
    error = '; '.join(dict.fromkeys(filter(None, (answer.error, problem))))[:255]
    return resources.Receipt(
        zone_id=zone.id, host=address[0], port=address[1], serial=shown,
        seen_at=now if answer.heard else None,
        error=error or None, failed_at=now if error or not answer.heard else None)


class Receipts:
    """Those that central has not been told of, within the event loop."""

    def __init__(self, central_: central.Central) -> None:
        self._central = central_
        self._waiting: dict[str, dict[dnsio.Address, resources.Receipt]] = {}   # By zone.
        self._news = asyncio.Event()

    def add(self, made: resources.Receipt) -> None:
        """Have central told of a receipt; it takes the place of an earlier one."""
        self._waiting.setdefault(made.zone_id, {})[made.host, made.port] = made
        self._news.set()

    def take(self, zone_id: str) -> list[resources.Receipt]:
        """Take out those of a zone, because a report takes them along."""
        return list(self._waiting.pop(zone_id, {}).values())

    def give_back(self, taken: list[resources.Receipt]) -> None:
        """Put back what was taken, because the report was not heard."""
        for each in taken:
            self._waiting.setdefault(each.zone_id, {}).setdefault((each.host, each.port), each)
        self._news.set()

    async def run(self) -> None:
        """Tell central, until cancelled; what it does not hear the sweep finds out again."""
        while True:
            await self._news.wait()
            await asyncio.sleep(LINGER)
            self._news.clear()
            waiting = [each for zone_id in list(self._waiting) for each in self.take(zone_id)]
            for start in range(0, len(waiting), _BATCH):
                try:
                    await self._central.call('zones', 'seen', context.admin(),
                                             receipts=waiting[start:start + _BATCH])
                except errors.Error as error:
                    LOG.info('Central does not hear what name servers show: %s', error.message)
