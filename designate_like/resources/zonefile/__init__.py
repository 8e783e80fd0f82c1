# SPDX-License-Identifier: Apache-2.0
"""Zone files (RFC 1035 section 5): read into what a zone holds, and written from it.

dnspython reads and writes the records; here is what makes a file a zone of the service.
"""
from designate_like.resources.zonefile.content import Recordset
from designate_like.resources.zonefile.content import Zonefile
from designate_like.resources.zonefile.reader import read
from designate_like.resources.zonefile.writer import head
from designate_like.resources.zonefile.writer import lines

__all__ = ('Recordset', 'Zonefile', 'head', 'lines', 'read')
