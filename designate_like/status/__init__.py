# SPDX-License-Identifier: Apache-2.0
"""What an operator asks before an upgrade: is everything as the new code needs it?

:mod:`checks` has the questions; :mod:`policies` those about policy files, :mod:`pools` those
about pools and TSIG keys.
"""
