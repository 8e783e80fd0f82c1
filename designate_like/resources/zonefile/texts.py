# SPDX-License-Identifier: Apache-2.0
"""Record data from dnspython as text in the form that the API takes."""
import dns.rdata
import dns.rdatatype

from designate_like.resources import rdata

# One run of digits, however long: the API's records have no white space within a field.
_STYLE = dns.rdata.RdataStyle(base64_chunk_size=0, hex_chunk_size=0)


def text(data: dns.rdata.Rdata) -> str:
    """The text of a record; read again it is the same data."""
    if data.rdtype == dns.rdatatype.CAA:
        return _caa(data)
    return data.to_text(style=_STYLE)


def _caa(data: dns.rdata.Rdata) -> str:
    """The API's CAA values have no quotes; those that need them are no values of the API."""
    bare = f'{data.flags} {data.tag.decode()} {data.value.decode(errors="replace")}'
    try:
        if rdata.parse('CAA', bare, '') == data.to_wire():
            return bare
    except ValueError:
        pass
    return data.to_text()
