# SPDX-License-Identifier: Apache-2.0
"""What Apache's mod_wsgi runs; with ``touch`` of this file it loads code and configuration anew."""
from designate_like.api.wsgi import application  # noqa: F401
