"""The head of an HTTP request, checked before Sanic reads it: how long its body is must be said once and plainly.

Sanic 21.12 reads Content-Length with int(): "-5" makes it read a body that never ends, with the whole server standing
still; "+38" and "3_8" pass. A length said in two ways is how requests are smuggled past a proxy
(docs/decisions/0016-http-heads.md).
"""

from __future__ import annotations

import re
from typing import List

from httptools import HttpParserInvalidURLError, parse_url

LONGEST_LENGTH = 15  # digits: Python refuses to read numbers of thousands of them
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LINE = re.compile(_NAME.pattern + rb" [!-~]+ HTTP/1\.[01]")  # anything else breaks what Sanic answers, too
_DIGITS = re.compile(rb"[0-9]{1,%d}" % LONGEST_LENGTH)


class BadHead(Exception):
    """The head of a request says something else than HTTP allows, or says it in two ways."""


def check_head(head: bytes) -> None:
    """Checks a head without the empty line that ends it. Raises BadHead."""
    first, *lines = head.split(b"\r\n")
    if re.search(rb"[\r\n\x00]", head.replace(b"\r\n", b"")):
        raise BadHead("a line ends with something else than CR LF")
    if not _LINE.fullmatch(first):
        raise BadHead("the first line is no method, target and version")
    try:
        parse_url(first.split(b" ")[1])
    except HttpParserInvalidURLError:  # Sanic meets it where nothing catches it, and the connection ends without a word
        raise BadHead("the target is no address") from None
    lengths: List[bytes] = []
    codings: List[bytes] = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not _NAME.fullmatch(name):
            raise BadHead("a line is no header")
        if name.lower() == b"content-length":
            lengths.append(value.strip(b" \t"))
        elif name.lower() == b"transfer-encoding":
            codings.append(value)
    if len(lengths) > 1 or not all(_DIGITS.fullmatch(length) for length in lengths):
        raise BadHead("the Content-Length is not one whole number")
    # Sanic compares the value with "chunked", to the letter; other spellings would fall to the Content-Length.
    if codings and codings not in ([b"chunked"], [b" chunked"]):
        raise BadHead("the Transfer-Encoding is not chunked")
    if codings and (lengths or not first.endswith(b"HTTP/1.1")):
        raise BadHead("the length of the body is said in two ways")
