# SPDX-License-Identifier: Apache-2.0
"""Notifications: what other services of the cloud are told of changes here.

Where they go is oslo.messaging's to configure, ``[oslo_messaging_notifications]``; by default
nowhere. Who tells of a change holds a :class:`Changes`; what it says about a thing is
:mod:`payloads`, in which form is a plug-in of :mod:`plugins`, and a :class:`Publisher` sends.
"""
from designate_like.notifications.changes import Changes
from designate_like.notifications.changes import check
from designate_like.notifications.publisher import Publisher

__all__ = ('Changes', 'Publisher', 'check')
