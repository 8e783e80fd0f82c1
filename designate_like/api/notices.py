# SPDX-License-Identifier: Apache-2.0
"""The notification that a request has failed behind the API, ``dns.api.fault``."""
from typing import Any

import webob
from oslo_config import cfg

from designate_like import context
from designate_like import notifications
from designate_like.api import http
from designate_like.notifications import publisher


class Notices:
    """Sends them, in the name of the API on this host."""

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self._publisher = notifications.Publisher(conf, 'api')

    def report(self, environ: dict[str, Any], error: Exception, status: int) -> None:
        """Send that a request failed, and with which code it is answered."""
        ctx = environ.get(http.CONTEXT) or context.RequestContext(overwrite=False)
        self._publisher.send(ctx, 'dns.api.fault', {
            'url': webob.Request(environ).url, 'exception': str(error), 'status': status,
        }, publisher.ERROR)
