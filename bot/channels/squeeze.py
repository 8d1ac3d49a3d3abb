"""Takes out of our own scripts and styles what only their readers need, so that no build step stands before the server.

It knows the code it is given (semicolons everywhere, no regular expression after a closing bracket), not all of
JavaScript.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)
  | (?P<pattern>(?<=[(,=:?!&|\[{};\n>])\s*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
  | (?P<blank>\s+)
  | (?P<word>[\w$]+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"[\w$]")
# A line may end after these, and before those, without ending a statement.
_OPEN, _SHUT = "{}([,;=>&|?:+-*!<", ").,;]&|?:=+-*}"


def script(code: str) -> str:
    """A script without comments and the blanks it can do without."""
    written = ""
    blank = ""
    for token in _TOKEN.finditer(code):
        kind, word = token.lastgroup, token.group()
        if kind in ("comment", "blank"):
            blank += "\n" if "\n" in word else " "
            continue
        word = word.strip() if kind == "pattern" else word
        if blank and written:
            before, after = written[-1], word[0]
            if "\n" in blank and before not in _OPEN and after not in _SHUT:
                written += "\n"
            elif (_WORD.match(before) and _WORD.match(after)) or (before == after and before in "+-"):
                written += " "
        written += word
        blank = ""
    return written


def style(sheet: str) -> str:
    """A style sheet without comments and the blanks it can do without; those of calc() and of selectors matter."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    return re.sub(r" ?([{};,>]) ?|(?<=[a-z]): ", lambda found: found[1] or ":", sheet).replace(";}", "}").strip()
