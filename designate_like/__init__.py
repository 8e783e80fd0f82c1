# SPDX-License-Identifier: Apache-2.0
"""DNS as a service: the OpenStack DNS v2 API in front of ordinary DNS servers.

Native threads are chosen here, for every way in (programs, WSGI servers, tests), because it
must be done before anything imports oslo.messaging: that asks for the choice on import, and
gets eventlet when none is made.
"""
import contextlib
import sys

# Libraries import eventlet where it is installed, and oslo.service demands that it is. Nothing
# here uses it, and its import takes half a second and prints a warning.
sys.modules['eventlet'] = None  # type: ignore[assignment]

from oslo_service import backend  # noqa: E402
from oslo_service.backend import exceptions  # noqa: E402

# A tool that loads the options of many packages has chosen before; it runs no service.
with contextlib.suppress(exceptions.BackendAlreadySelected):
    backend.init_backend(backend.BackendType.THREADING)
