# SPDX-License-Identifier: Apache-2.0
"""The programs, one small main each.

This package chooses native threads for oslo.service, which must be done before anything
imports oslo.messaging: that asks for the choice on import, and gets eventlet when none is made.
"""
import sys

# Libraries import eventlet where it is installed, and oslo.service demands that it is. Nothing
# here uses it, and its import takes half a second and prints a warning.
sys.modules['eventlet'] = None  # type: ignore[assignment]

from oslo_service import backend  # noqa: E402

backend.init_backend(backend.BackendType.THREADING)
