"""Takes out of our own scripts and styles what only their readers need, so that no build step stands before the server.

It knows the code it is given, not all of JavaScript: semicolons everywhere, `const` and arrows, one declarator each, no
`function`, `var` or `eval`, no regular expression after a closing bracket, no empty statement, no hole in an array.
"""

from __future__ import annotations

import itertools
import re
import string
from collections import Counter
from typing import Callable, Dict, Iterator, List, NamedTuple, Set, Tuple

_CODE = re.compile(
    r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<pattern>(?<=[(,=:?!&|\[{};\n>])\s*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
  | (?P<blank>\s+)
  | (?P<word>[\w$]+)
  | (?P<mark>\.\.\.|\?\.(?!\d)|=>|\?\?|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_WORD = re.compile(r"[\w$]")
# A line may end after these, and before those, without ending a statement.
_OPEN, _SHUT = "{}([,;=>&|?:+-*!<", ").,;]&|?:=+-*}"
# A brace after these opens an object, or a pattern for one; after anything else, a block.
_BEFORE_OBJECT = {"(", ",", "=", ":", "[", "?", "&&", "||", "??", "...", "return", "const", "let"}


class _Token(NamedTuple):
    kind: str
    text: str


def script(code: str) -> str:
    """A script without comments and the blanks it can do without, its local names shortened."""
    return _joined(_shortened(list(_tokens(code))))


def style(sheet: str) -> str:
    """A style sheet without comments and the blanks it can do without; those of calc() and of selectors matter."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    return re.sub(r" ?([{};,>]) ?|(?<=[a-z]): ", lambda found: found[1] or ":", sheet).replace(";}", "}").strip()


def _tokens(code: str) -> Iterator[_Token]:
    """The words of a script; a template is the pieces of its text and, between them, the code in it."""
    at = 0
    depths: List[int] = []  # of braces, in each template the place is in
    while at < len(code):
        if code[at] == "`" or (code[at] == "}" and depths and depths[-1] == 0):
            if code[at] == "}":
                depths.pop()
            found = _TEMPLATE.match(code, at + 1)
            assert found, code[at : at + 80]
            if found.group().endswith("${"):
                depths.append(0)
            yield _Token("template", code[at : found.end()])
        else:
            found = _CODE.match(code, at)
            assert found, code[at : at + 80]
            if depths and found.group() in "{}":
                depths[-1] += 1 if found.group() == "{" else -1
            kind = str(found.lastgroup)
            yield _Token(kind, found.group().strip() if kind == "pattern" else found.group())
        at = found.end()


def _joined(tokens: List[_Token]) -> str:
    written = ""
    blank = ""
    for kind, word in tokens:
        if kind in ("comment", "blank"):
            blank += "\n" if "\n" in word else " "
            continue
        if word in ("}", ")", "]") and written.endswith((";", ",") if word == "}" else ","):
            written = written[:-1]  # nothing comes after it
        if blank and written:
            before, after = written[-1], word[0]
            if "\n" in blank and before not in _OPEN and after not in _SHUT:
                written += "\n"
            elif (_WORD.match(before) and _WORD.match(after)) or (before == after and before in "+-"):
                written += " "
        written += word
        blank = ""
    return written


def _shortened(tokens: List[_Token]) -> List[_Token]:
    """The same with short names for what is bound within one top-level declaration, or one method."""
    tokens = [token for token in tokens if token.kind != "comment"]
    solid = [index for index, token in enumerate(tokens) if token.kind != "blank"]
    words = [tokens[index].text for index in solid]
    kept = {words[at + 1] for at, depth in _depths(words) if depth == 0 and words[at] in ("const", "class")}
    for start, end in _units(words):
        names = _bound(words[start:end]) - kept
        taken = {word for word in words[start:end] if _WORD.match(word)}
        short = (name for name in _short_names() if name not in taken)
        often = Counter(word for word in words[start:end] if word in names)
        renamed = {name: next(short) for name, _ in often.most_common()}
        for offset, word in _renamed(words[start:end], renamed):
            index = solid[start + offset]
            if tokens[index].kind == "word":
                tokens[index] = _Token("word", word)
    words = [tokens[index].text for index in solid]
    short = (name for name in _short_names() if len(name) == 2 and name not in words)
    exported = {words[at + 2] for at, word in enumerate(words) if word == "export"}
    for at, word in _renamed(words, {name: next(short) for name in sorted(kept - exported, key=_often(words))}):
        if tokens[solid[at]].kind == "word":
            tokens[solid[at]] = _Token("word", word)
    return tokens


def _often(words: List[str]) -> Callable[[str], Tuple[int, str]]:
    """The order that puts the most frequent name first, and is the same each time."""
    return lambda name: (-words.count(name), name)


def _short_names() -> Iterator[str]:
    for length in (1, 2):
        for letters in itertools.product(string.ascii_lowercase, repeat=length):
            yield "".join(letters)


def _opens(word: str) -> bool:
    return word in ("(", "[", "{") or word.endswith("${")


def _closes(word: str) -> bool:
    return word in (")", "]", "}") or (word.startswith("}") and len(word) > 1)


def _depths(words: List[str]) -> Iterator[Tuple[int, int]]:
    depth = 0
    for at, word in enumerate(words):
        if _closes(word):
            depth -= 1
        yield at, depth
        if _opens(word):
            depth += 1


def _units(words: List[str]) -> Iterator[Tuple[int, int]]:
    """Where each top-level declaration starts and ends; of a class, each method."""
    start, inside = 0, False
    for at, depth in _depths(words):
        if depth == 0 and words[at] == "class":
            inside = True
        if words[at] == "{" and depth == 0 and inside:
            start = at + 1
        elif (depth, words[at]) == ((1, "}") if inside else (0, ";")):
            yield start, at + 1
            start = at + 1
        elif inside and depth == 0 and words[at] == "}":
            start, inside = at + 1, False
    yield start, len(words)


def _bound(words: List[str]) -> Set[str]:
    """The names that declarations and parameters bind."""
    names: Set[str] = set()
    head = next((at for at, word in enumerate(words) if word == "("), 0)
    if words[:1] and all(_WORD.match(word) for word in words[:head]) and words[0] not in ("const", "if", "else"):
        names |= _in_pattern(words[head + 1 : _closing(words, head)])  # of a method
    for at, word in enumerate(words):
        if word in ("const", "let"):
            end = at + 1
            while end < len(words) and words[end] not in ("=", "of", ";"):
                end = _closing(words, end) + 1 if _opens(words[end]) else end + 1
            names |= _in_pattern(words[at + 1 : end])
        elif word == "=>" and words[at - 1] == ")":
            names |= _in_pattern(words[_opening(words, at - 1) + 1 : at - 1])
        elif word == "=>":
            names.add(words[at - 1])
    # The unit's own name is no local one.
    return names - set(words[1:2] if words[:1] == ["const"] else words[:head])


def _closing(words: List[str], at: int) -> int:
    depth = 0
    for index in range(at, len(words)):
        depth += _opens(words[index]) - _closes(words[index])
        if depth == 0:
            return index
    return len(words)


def _opening(words: List[str], at: int) -> int:
    depth = 0
    for index in range(at, -1, -1):
        depth += _closes(words[index]) - _opens(words[index])
        if depth == 0:
            return index
    return 0


def _in_pattern(words: List[str]) -> Set[str]:
    """The names a pattern binds: not its keys, not what stands for a value left out."""
    names: Set[str] = set()
    at = 0
    while at < len(words):
        word = words[at]
        if word == "=":
            while at < len(words) and words[at] != ",":
                at = _closing(words, at) + 1 if _opens(words[at]) else at + 1
        elif word in ("{", "["):
            end = _closing(words, at)
            names |= _in_pattern(words[at + 1 : end])
            at = end
        elif _WORD.match(word) and words[at + 1 : at + 2] != [":"]:
            names.add(word)
        at += 1
    return names


def _renamed(words: List[str], names: Dict[str, str]) -> Iterator[Tuple[int, str]]:
    """The places of those names, and what stands there instead."""
    braces: List[bool] = []  # whether each bracket around is an object's
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        if _closes(word) and braces:
            braces.pop()
        if _opens(word):
            braces.append(word == "{" and (before in _BEFORE_OBJECT or before.endswith("${")))
        if word not in names or before in (".", "?."):
            continue
        is_key = bool(braces) and braces[-1] and before in ("{", ",")
        if is_key and after in (":", "("):
            continue
        yield at, f"{word}:{names[word]}" if is_key else names[word]
