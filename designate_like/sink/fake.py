# SPDX-License-Identifier: Apache-2.0
"""fake: a handler that only says what it hears, to see whether notifications arrive."""
import logging

from oslo_config import cfg

from designate_like.conf import sink as options
from designate_like.sink import handler

LOG = logging.getLogger(__name__)


class Fake(handler.Handler):
    """Takes the events of allowed_event_types, and has no zone."""
    OPTIONS = options.FAKE

    def __init__(self, name: str, section: cfg.ConfigOpts.GroupAttr) -> None:
        super().__init__(name, section)
        self.events = section.allowed_event_types
