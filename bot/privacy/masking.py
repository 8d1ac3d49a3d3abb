"""Takes out of a text what names or reaches a person or his account: e-mail, telephone, IBAN and card numbers.

Numbers people talk about (years, amounts, how many) stay: what is masked has the shape of one of those, and passes its
checksum where it has one.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Callable, Match, Pattern, Tuple

from bot.privacy.wording import wording

_BLANK = "[ \u00a0\u202f.-]"
_ALONE = rf"(?<![\w+])(?<!\d{_BLANK})"  # not the middle of a word or of a longer number
_CURRENCY = r"(?i:€|\$|%|[km]€|(?:euros?|eur|cad|usd|dollars?|millions?|milliards?|billions?)\b)"
_ENDS = rf"(?!\w)(?![ \u00a0\u202f]?(?:{_CURRENCY}))"  # nor the beginning of one, nor an amount
_AT = r"(?:@|\s?[\[(](?:at|arobase|à)[\])]\s?|\sarobase\s)"
_DOT = r"(?:\.|\s?[\[(](?:dot|point)[\])]\s?|\spoint\s(?=\w{2,10}\b))"
_DATE = re.compile(rf"\d\d({_BLANK})\d\d\1(?:19|20)\d\d")


def _digits(text: str) -> str:
    return "".join(str(int(char)) for char in text if char.isdecimal())


def _always(_: Match[str]) -> bool:
    return True


def _is_card(match: Match[str]) -> bool:
    """By Luhn's sum: every second digit from the right counts double, its own digits added."""
    digits = [int(digit) for digit in reversed(_digits(match[0]))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_no_date(match: Match[str]) -> bool:
    return not _DATE.match(match[0])


@dataclasses.dataclass(frozen=True)
class _Shape:
    """How something looks; what is masked is its group `number` where it has one, else all of it."""

    kind: str
    pattern: Pattern[str]
    check: Callable[[Match[str]], bool] = _always

    def mask(self, text: str) -> str:
        mark = wording().marks[self.kind]

        def replace(match: Match[str]) -> str:
            if not self.check(match):
                return match[0]
            whole = match.re.groupindex.get("number") is None
            start, end = (0, len(match[0])) if whole else (match.start("number") - match.start(), len(match[0]))
            return match[0][:start] + mark + match[0][end:]

        return self.pattern.sub(replace, text)


_EMAIL = _Shape(
    "email",
    re.compile(rf"(?<![\w.+%-])[\w.+%'’-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,5}}", re.IGNORECASE),
)
_CARD = _Shape(
    "card",
    re.compile(
        rf"{_ALONE}(?=[3-6]|2[2-7])(?:\d{{13,19}}"
        r"|\d{4}([ \u00a0-])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?"
        r"|\d{4}([ \u00a0-])\d{6}\2\d{4,5})(?!\w)"
    ),
    _is_card,
)
_PHONES = tuple(
    _Shape("phone", re.compile(pattern), check)
    for pattern, check in (
        # France and its overseas departments, with or without the country: 06 12 34 56 78, +33 (0)6 12 34 56 78.
        (rf"{_ALONE}0[1-9](?:{_BLANK}?\d){{8}}{_ENDS}", _is_no_date),
        (
            rf"(?<![\w+])(?:\+|00)(?:33|26[29]|59[046]|68[179]){_BLANK}?(?:\(0\)|0)?{_BLANK}?[1-9](?:{_BLANK}?\d){{8}}{_ENDS}",
            _always,
        ),
        # Saint-Pierre-et-Miquelon: +508 41 12 34; 41 12 34 as neighbours write it; 411234 where it is said to be one.
        (rf"(?<![\w+])(?:(?:\+|00)508|\(\+?508\))(?:{_BLANK}?\d){{6}}{_ENDS}", _always),
        (rf"{_ALONE}(?:41|55)({_BLANK})\d\d\1\d\d(?!{_BLANK}\d){_ENDS}", _always),
        (rf"(?i:\b(?:t[ée]l(?:[ée]phone)?|phone|mobile|portable)[ .:]{{1,3}})(?P<number>\d{{6}}){_ENDS}", _always),
        # North America: (709) 555-1234, 709 555 1234, 1-709-555-1234.
        (
            rf"{_ALONE}(?:1{_BLANK}?)?(?:\([2-9]\d\d\)|[2-9]\d\d){_BLANK}?[2-9]\d\d{_BLANK}?\d{{4}}{_ENDS}",
            _always,
        ),
        # Any country, North America among them, with the sign that says so.
        (rf"(?<![\w+])\+[1-9](?:[ \u00a0\u202f.()-]{{0,2}}\d){{9,14}}{_ENDS}", _always),
    )
)

_IBAN = re.compile(r"(?<![0-9A-Z])[A-Z]{2}[0-9]{2}(?:[ \u00a0.-]?[0-9A-Z]){11,30}", re.IGNORECASE | re.ASCII)


def _is_iban(text: str) -> bool:
    """By ISO 7064: the first four characters put last and letters read as 10 to 35, it leaves 1 divided by 97."""
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    turned = compact[4:] + compact[:4]
    return sum(char.isdigit() for char in compact) >= 10 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _mask_iban(text: str) -> str:
    """As the letters of an IBAN run into those of the words behind it, the longest beginning that adds up is taken."""
    at = 0
    while match := _IBAN.search(text, at):
        start = match.start()
        ends = [end for end in range(match.end(), start + 14, -1) if not text[end : end + 1].isalnum()]
        found = next((end for end in ends if _is_iban(text[start:end])), None)
        if found is None:
            at = start + 1
        else:
            mark = wording().marks["iban"]
            text = text[:start] + mark + text[found:]
            at = start + len(mark)
    return text


_STEPS: Tuple[Callable[[str], str], ...] = (
    _EMAIL.mask,
    _mask_iban,
    _CARD.mask,  # before telephone numbers, whose shape a card's digits may hold
    *(shape.mask for shape in _PHONES),
)


def mask(text: str) -> str:
    """The text with each personal number or address replaced by its mark; masking twice changes nothing more."""
    for step in _STEPS:
        text = step(text)
    return text


def mask_all(value: Any) -> Any:
    """The same value (JSON) with each of its texts masked; the names of fields stay."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: mask_all(item) for key, item in value.items()}
    return [mask_all(item) for item in value] if isinstance(value, list) else value
