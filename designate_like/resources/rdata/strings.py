# SPDX-License-Identifier: Apache-2.0
"""Types that hold character-strings: TXT and SPF.

The text is either one string, in quotes or not, or, where it is longer than 255 characters,
quoted pieces with one space between two. Backslash escapes are those of a zone file. What does
not fit a string, as characters may take several octets, goes on in the next one.
"""
import re

from designate_like.resources.rdata import fields

_PIECE = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_PIECES = re.compile(f'{_PIECE}(?: {_PIECE})*', re.DOTALL)
_ONE_PIECE = re.compile(_PIECE, re.DOTALL)
_ESCAPED = re.compile(r'\\.', re.DOTALL)
_SINGLE = 255  # Characters of a text, with its quotes, that is one string.
_LONGEST = 253  # Characters of a piece between its quotes.


def txt(text: str, owner: str) -> bytes:
    """One string, or pieces of at most 253 characters where the text is longer than 255."""
    if len(text) <= _SINGLE:
        return _strings(_single(text))
    if not _PIECES.fullmatch(text):
        raise ValueError(f'more than {_SINGLE} characters must be quoted pieces '
                         'with one space between two')
    pieces = [piece[1:-1] for piece in _ONE_PIECE.findall(text)]
    if max(map(len, pieces)) > _LONGEST:
        raise ValueError(f'a piece may have {_LONGEST} characters between its quotes')
    return b''.join([_strings(_inner(piece)) for piece in pieces])


def spf(text: str, owner: str) -> bytes:
    """As TXT without its limits.

    Whoever evaluates the policy joins the strings without a space (RFC 7208 section 3.3).
    """
    if len(text) > _SINGLE and _PIECES.fullmatch(text):
        whole = [_inner(piece[1:-1]) for piece in _ONE_PIECE.findall(text)]
    else:
        whole = [_single(text)]
    return b''.join(map(_strings, whole))


def _strings(octets: bytes) -> bytes:
    """Character-strings of 255 octets and the rest, which may be the only one, and empty."""
    return b''.join([fields.string(octets[start:start + 255])
                     for start in range(0, len(octets) or 1, 255)])


def _single(text: str) -> bytes:
    """The octets of one string, in quotes or without white space."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _inner(text[1:-1])
    if text[:1] == '"' or text[-1:] == '"':
        raise ValueError('a quote stands at one end only')
    if any(map(str.isspace, text)):
        raise ValueError('text with white space must be quoted')
    return _inner(text)


def _inner(text: str) -> bytes:
    """The octets of what stands between the quotes, if there are any."""
    if '\n' in text or '\r' in text:
        raise ValueError('a line break is not allowed')
    if text.endswith('\\'):
        raise ValueError('a backslash may not be last')
    if '"' in _ESCAPED.sub('', text):
        raise ValueError('a quote within the text needs a backslash')
    return fields.unescape(text)
