# SPDX-License-Identifier: Apache-2.0
"""The worker as a service: an event loop with the zones in flight, fed from the bus."""
from collections.abc import Sequence
from typing import Any

from oslo_config import cfg

from designate_like import dnsio
from designate_like import service
from designate_like.worker import central
from designate_like.worker import content
from designate_like.worker import inbound
from designate_like.worker import job
from designate_like.worker import jobs
from designate_like.worker import loop
from designate_like.worker import orphans
from designate_like.worker import poll
from designate_like.worker import pools
from designate_like.worker import receipts
from designate_like.worker import repair
from designate_like.worker import verify
from designate_like.worker import zones

# Seconds to wait for central's reply to a report; the sweep makes up for what is lost.
REPORT_TIMEOUT = 5

# Seconds that central may take to write a zone that was transferred, or to read a large one.
CONTENT_TIMEOUT = 300


class Worker(service.Service):
    """The role that speaks to DNS servers."""
    name = 'worker'

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        super().__init__(conf)
        self._loop: loop.Loop | None = None

    def endpoints(self) -> Sequence[Any]:
        """Requests about zones."""
        options = self.options
        self._central = central.Central(self.client('central', REPORT_TIMEOUT), options.threads)
        self._exchange = dnsio.Exchange()
        self._pools = pools.Pools(self._central, self._exchange)
        self._loop = loop.Loop('worker', self._close)
        receipts_ = receipts.Receipts(self._central)
        tools = job.Tools(
            central=self._central, exchange=self._exchange, receipts=receipts_,
            pauses=poll.Pauses(options.poll_first_pause, options.poll_max_pause),
            budget=options.poll_timeout, threshold=options.threshold_percentage,
            all_tcp=options.all_tcp)
        self._writer = central.Central(self.client('central', CONTENT_TIMEOUT), options.threads)
        self._inbound = inbound.Inbound(
            self._loop, self._writer, self._exchange,
            inbound.Patience(options.serial_max_retries, options.serial_retry_delay,
                             options.xfr_timeout))
        jobs_ = jobs.Jobs(self._loop, self._pools, tools)
        repairs = repair.Repairs(self._central)
        self._contents = content.Contents(self._loop, self._writer, repairs,
                                          options.verify_rate, options.all_tcp)
        verifier = verify.Verifier(self._loop, self._pools, tools, jobs_, self._contents, repairs)
        orphans_ = orphans.Orphans(self._loop, self._pools, tools, jobs_, self._writer,
                                   options.remove_orphans)
        self._loop.start()
        self._loop.call(lambda run=self._loop.run: run(receipts_.run()))
        return [zones.Zones(self._loop, jobs_, verifier, orphans_, self._inbound)]

    def stop(self) -> None:
        """Take no more requests, and leave what is in flight to the sweep."""
        super().stop()
        if self._loop is not None:
            self._loop.stop()
            self._loop = None

    def _close(self) -> None:
        """The last thing in the event loop."""
        self._exchange.close()
        self._contents.close()
        self._inbound.close()
        self._writer.close()
        self._pools.close()
        self._central.close()
