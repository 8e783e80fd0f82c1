# SPDX-License-Identifier: Apache-2.0
"""The role that speaks HTTP: it parses and renders, and asks central for everything else.

A request passes the filters of api-paste.ini (:mod:`wsgi`, :mod:`auth`), is matched with the
one table of URLs (:mod:`routes`) by :mod:`app`, and handled by :mod:`rest` or, where a URL is
unlike the others, by :mod:`actions`. Whatever goes wrong on the way becomes a reply in
:mod:`faults`.
"""
