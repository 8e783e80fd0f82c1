# SPDX-License-Identifier: Apache-2.0
"""Reading a zone file: all of it, or a sentence that says which line is wrong and why.

What is valid in the DNS is taken, also where the API's own rules for a record are stricter:
the file comes from another name server, and its records should be served as they were there.
"""
import re
from collections.abc import Callable
from collections.abc import Collection

import dns.exception
import dns.rdataclass
import dns.tokenizer
import dns.zonefile

from designate_like import errors
from designate_like.resources import types
from designate_like.resources.zonefile import content

NO_ORIGIN = 'The $ORIGIN statement is required and must be the first statement in the zonefile.'

_ORIGIN = re.compile(r'(?:[ \t]*(?:;[^\n]*)?\n)*\$ORIGIN[ \t]+([^\s;]+)', re.IGNORECASE)
_PLACE = re.compile(r'^zone:\d+: ')      # where dnspython thinks that it is


def read(octets: bytes, supported: Collection[str],
         count: Callable[[int], None] = lambda records: None) -> content.Zonefile:
    """Read a zone file.

    :param supported: the types that records may have.
    :param count: is told, with each record, how many there are; it may refuse.
    :raises InvalidZonefile: with a sentence that says what is wrong, and in which line.
    """
    text = _decode(octets)
    first = _ORIGIN.match(text)
    if first is None:
        raise errors.InvalidZonefile(NO_ORIGIN)
    line = text.count('\n', 0, first.end()) + 1
    try:
        origin = types.Name().parse(first[1].rstrip('.') + '.')
    except ValueError as problem:
        raise content.malformed(line, f'the name of a zone is expected: {problem}') from None
    tokens = _Tokenizer(text, 'zone')
    found = content.Content(lambda: tokens.begun, origin, supported, count)
    _feed(tokens, found)
    return found.zonefile()


def _decode(octets: bytes) -> str:
    try:
        text = octets.decode('utf-8-sig')
    except UnicodeDecodeError as problem:
        line = octets.count(b'\n', 0, problem.start) + 1
        raise content.malformed(line, 'it is not UTF-8') from None
    return text.replace('\r\n', '\n') + '\n'


def _feed(tokens: '_Tokenizer', found: content.Content) -> None:
    """Have dnspython read every record.

    Its origin is the root, so that it does not drop what is outside the zone without a word;
    $INCLUDE, which would read files of this machine, is not allowed.
    """
    reader = dns.zonefile.Reader(tokens, dns.rdataclass.IN, found,
                                 allow_directives=('$ORIGIN', '$TTL', '$GENERATE'))
    try:
        reader.read()
    except errors.Error:
        raise
    except Exception as problem:
        # Whatever stops dnspython here is in the text: there is nothing else.
        reason = _PLACE.sub('', str(problem)) or type(problem).__name__
        if reason == dns.exception.SyntaxError.__doc__:
            reason = 'this is not a record'
        raise content.malformed(tokens.begun, reason) from None


class _Tokenizer(dns.tokenizer.Tokenizer):
    """dnspython's tokenizer, which remembers the line on which each statement begins."""
    begun = 0

    def get(self, want_leading: bool = False, want_comment: bool = False) -> dns.tokenizer.Token:
        """The next token; only where a statement begins both kinds are wanted."""
        if want_leading and want_comment:
            self.begun = self.line_number
        return super().get(want_leading, want_comment)
