"""Takes out of a text what names or reaches a person or his account: e-mail, telephone, IBAN and card numbers, numbers
of social security, passports and companies, birth dates and postal addresses.

Numbers people talk about (years, amounts, how many) stay: what is masked has the shape of one of those, and passes its
checksum where it has one.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Callable, Match, Pattern, Tuple

from bot.privacy import checksums
from bot.privacy.wording import wording

DEEPEST = 20  # levels of nested values

_SPACE = "[ \u00a0\u202f]"
_BLANK = "[ \u00a0\u202f.-]"
_ALONE = rf"(?<![\w+])(?<!\d{_BLANK})"  # not the middle of a word or of a longer number
_CURRENCY = r"(?i:€|\$|%|[km]€|(?:euros?|eur|cad|usd|dollars?|millions?|milliards?|billions?)\b)"
_ENDS = rf"(?!\w)(?![ \u00a0\u202f]?(?:{_CURRENCY}))"  # nor the beginning of one, nor an amount
_AT = r"(?:\s?[@＠﹫]\s?|\s?[\[(](?:at|a|arobase|à)[\])]\s?|\sarobase\s)"
_DOT = r"(?:[.．]|\s?[\[(](?:dot|point)[\])]\s?|\s(?:point|dot)\s(?=\w{2,10}\b))"
_DATE = re.compile(rf"\d\d({_BLANK})\d\d\1(?:19|20)\d\d")
# What people put between the pairs of a number, each time the same.
_BETWEEN = rf"({_SPACE}{{2,3}}|{_SPACE}?[-–—‑/.]{_SPACE}?|,|_)"
_ASIDE = r"[^\d\n\]]{0,25}?"  # between the word that says what a number is and the number; no mark of ours


def _always(_: Match[str]) -> bool:
    return True


def _is_no_date(match: Match[str]) -> bool:
    return not _DATE.match(match[0])


def _number(check: Callable[[str], bool]) -> Callable[[Match[str]], bool]:
    """A check of a match's `number`, or of all of it."""
    return lambda match: check(match["number"] if "number" in match.re.groupindex else match[0])


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
            start, end = match.span(0 if whole else "number")
            return match[0][: start - match.start()] + mark + match[0][end - match.start() :]

        return self.pattern.sub(replace, text)


_LOCAL = r"(?<![\w.+%-])[\w.+%'’-]{1,64}"
_PROVIDERS = (
    "gmail|hotmail|outlook|live|yahoo|icloud|orange|wanadoo|free|sfr|laposte|bbox|neuf|gmx|proton(?:mail)?|cheznoo|bell"
)
_EMAILS = tuple(
    _Shape("email", re.compile(pattern, re.IGNORECASE))
    for pattern in (
        rf"{_LOCAL}[@＠﹫][\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,5}}",
        # Spelt out or set apart: what ends it must look like a domain's end.
        rf"(?:[\w-]{{1,30}}\s(?:point|dot)\s){{0,3}}{_LOCAL}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,4}}{_DOT}[a-z]{{2,10}}\b",
        rf"{_LOCAL}\sat\s[\w-]{{1,63}}(?:\sdot\s[a-z]{{2,10}}\b){{1,3}}",
        rf"{_LOCAL}\s(?:at|chez|a|à)\s(?:{_PROVIDERS})(?:\.|\spoint\s|\sdot\s)[a-z]{{2,4}}\b",
    )
)
_CARD = _Shape(
    "card",
    re.compile(
        rf"{_ALONE}(?=[3-6]|2[2-7])(?:\d{{13,19}}"
        rf"|\d{{4}}{_BLANK}?\d{{4}}{_BLANK}?\d{{4}}{_BLANK}?\d{{1,4}}(?:{_BLANK}?\d{{1,3}})?"
        rf"|\d{{4}}({_BLANK})\d{{6}}\1\d{{4,5}})(?!\w)"
    ),
    _number(checksums.luhn),
)
_TELEPHONE = (
    r"(?i:\b(?:t[ée]l(?:[ée]phone)?s?|num(?:[ée]ro)?s?|portable|mobile|fixe|whatsapp|appel(?:er|ez|le|les)?|rappel(?:er|ez|le)?"
    r"|joindre|joignable|contact(?:er|ez)?|phone|number|call|ring|text|reach|cell)\b)"
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
        # Pairs set apart in any other way: 06/12/34/56/78, 06 - 12 - 34 - 56 - 78.
        (rf"(?<![\w+])(?<!\d[-–—/.,])0[1-9]{_BETWEEN}\d\d(?:\1\d\d){{3}}(?!\1?\d){_ENDS}", _always),
        (rf"{_ALONE}508{_BLANK}(?:41|55)({_BLANK}?)\d\d\1\d\d(?!{_BLANK}\d){_ENDS}", _always),
        # Where a word says that it is one, in whatever groups.
        (rf"{_TELEPHONE}{_ASIDE}\b(?P<number>(?:41|55)(?:{_BLANK}?\d){{4}})(?!{_BLANK}?\d){_ENDS}", _always),
        (r"(?i:\b(?:wa\.me/|whatsapp\.com/send/?\?phone=|tel:))\+?(?P<number>\d{6,15})(?!\w)", _always),
        # North America: (709) 555-1234, 709 555 1234, 1-709-555-1234.
        (
            rf"{_ALONE}(?:1{_BLANK}?)?(?:\([2-9]\d\d\)|[2-9]\d\d){_BLANK}?[2-9]\d\d{_BLANK}?\d{{4}}{_ENDS}",
            _always,
        ),
        # Any country, North America among them, with the sign that says so.
        (rf"(?<![\w+])(?:\+|00)[1-9](?:[ \u00a0\u202f.()/_–-]{{0,3}}\d){{9,14}}{_ENDS}", _always),
    )
)

_IBAN = re.compile(r"(?<![0-9A-Z])[A-Z]{2}[0-9]{2}(?:[ \u00a0.-]?[0-9A-Z]){11,30}", re.IGNORECASE | re.ASCII)


def _mask_iban(text: str) -> str:
    """As the letters of an IBAN run into those of the words behind it, the longest beginning that adds up is taken."""
    at = 0
    while match := _IBAN.search(text, at):
        start = match.start()
        ends = [end for end in range(match.end(), start + 14, -1) if not text[end : end + 1].isalnum()]
        found = next((end for end in ends if checksums.iban(text[start:end])), None)
        if found is None:
            at = start + 1
        else:
            mark = wording().marks["iban"]
            text = text[:start] + mark + text[found:]
            at = start + len(mark)
    return text


def _named(words: str, count: int) -> str:
    """So many digits after a word that says what they are."""
    return rf"(?i:\b(?:{words})\b){_ASIDE}\b(?P<number>\d(?:{_BLANK}?\d){{{count - 1}}})(?!{_BLANK}?\d)"


_IDENTITIES = tuple(
    _Shape(kind, re.compile(pattern), check)
    for kind, pattern, check in (
        # France's social security number: sex, year, month, department, commune, order, key.
        (
            "identity",
            rf"{_ALONE}[12]{_BLANK}?\d\d{_BLANK}?(?:[02-9]\d|1[0-2]){_BLANK}?(?:\d\d|2[ABab])"
            rf"(?:{_BLANK}?\d{{3}}){{2}}{_BLANK}?\d\d(?!\w)",
            _number(checksums.nir),
        ),
        # Typed in its groups it is one, even mistyped.
        ("identity", rf"{_ALONE}[12]({_BLANK})\d\d\1\d\d\1(?:\d\d|2[ABab])\1\d{{3}}\1\d{{3}}\1\d\d(?!\w)", _always),
        ("identity", _named(r"s[ée]cu(?:rit[ée] sociale)?|nir|num[ée]ro de s[ée]cu", 13), _always),
        # Canada's social insurance number.
        ("identity", rf"{_ALONE}[1-79]\d\d-\d{{3}}-\d{{3}}(?!\w)(?!{_BLANK}\d)", _number(checksums.luhn)),
        ("identity", _named(r"nas|sin|social insurance|assurance sociale", 9), _number(checksums.luhn)),
        ("identity", r"(?<!\w)\d\d[A-Z]{2}\d{5}(?!\w)", _always),  # a French passport
        (
            "identity",
            rf"(?i:\b(?:passeports?|passports?|carte d['’]identit[ée]|cni|titre de s[ée]jour|identity card)\b)"
            rf"{_ASIDE}\b(?P<number>[A-Za-z]{{0,2}}\d(?:{_BLANK}?\w?\d){{4,11}})\b",
            _always,
        ),
        (
            "company",
            rf"{_ALONE}\d{{3}}{_BLANK}?\d{{3}}{_BLANK}?\d{{3}}{_BLANK}?\d{{5}}(?!\w)(?!{_BLANK}\d){_ENDS}",
            _number(checksums.siret),
        ),
        ("company", _named(r"siret|siren|rcs", 14), _number(checksums.siret)),
        ("company", _named(r"siren|rcs", 9), _number(checksums.luhn)),
        (
            "iban",
            rf"{_ALONE}\d{{5}}{_BLANK}?\d{{5}}{_BLANK}?[0-9A-Za-z]{{11}}{_BLANK}?\d\d(?!\w)",
            _number(checksums.rib),
        ),
    )
)

_MONTHS = (
    r"(?:janv(?:ier)?|f[ée]v(?:rier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[ûu]t|sept(?:embre)?|oct(?:obre)?|nov(?:embre)?"
    r"|d[ée]c(?:embre)?|january|february|march|april|may|june|july|august|september|october|november|december)"
)
_BORN = (
    r"(?i:\b(?:je suis n[ée]e?|i was born|i am born|date de naissance|date of birth|naissance|dob|mon anniversaire"
    # A person's; laws, clusters and companies are born too.
    r"|my birthday|(?<!est )(?<!sont )n[ée](?:e|\(e\))? le)\b)"
)
_DATES = (
    rf"(?i:\d{{1,2}}(?:er|st|nd|rd|th)?[ /.-](?:\d{{1,2}}|{_MONTHS})[ /.-](?:19|20)?\d\d"
    rf"|{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)"
)
_BIRTH = _Shape("birth", re.compile(rf"{_BORN}{_ASIDE}\b(?P<number>{_DATES})(?!\w)"))

_ARTICLES = r"(?:(?:de la|de|du|des|la|le|les|st|saint|sainte|en|sur|sous)[ -]|(?:de )?[ld]['’])"
_WORD = r"[^\W\d_][\w'’-]*"
_CAPITAL = r"(?-i:[A-ZÀ-Ý])[\w'’-]*"
_ADDRESSES = tuple(
    _Shape("address", re.compile(pattern, re.IGNORECASE))
    for pattern in (
        r"(?<![\w.,])\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?,? +"
        rf"(?:(?:rue|avenue|av\.?|boulevard|bld|bd|impasse|all[ée]e|chemin|quai|lotissement)\s+{_ARTICLES}{{0,2}}{_WORD}"
        rf"|(?:place|route|square|cours|passage|r[ée]sidence)\s+{_ARTICLES}{{0,2}}{_CAPITAL})"
        rf"(?:[ -]{_ARTICLES}{{0,2}}{_CAPITAL}){{0,4}}(?:,? +\d{{5}} +{_CAPITAL}(?:[ -]{_CAPITAL}){{0,4}})?",
        rf"(?<![\w.,])\d{{1,5}} +(?:{_CAPITAL} ){{1,3}}"
        r"(?:street|avenue|road|lane|drive|crescent|boulevard|(?:st|ave|rd|dr|blvd)\b\.?)",
    )
)

_STEPS: Tuple[Callable[[str], str], ...] = (
    *(shape.mask for shape in _EMAILS),
    _mask_iban,
    *(shape.mask for shape in _IDENTITIES if shape.kind != "company"),
    _CARD.mask,  # before companies and telephone numbers, whose shape a card's digits may have
    *(shape.mask for shape in _IDENTITIES if shape.kind == "company"),
    *(shape.mask for shape in _PHONES),
    _BIRTH.mask,
    *(shape.mask for shape in _ADDRESSES),
)
_MOST_TIMES = 4


def mask(text: str) -> str:
    """The text with each personal number or address replaced by its mark; masking twice changes nothing more."""
    for _ in range(_MOST_TIMES):
        before = text
        for step in _STEPS:
            text = step(text)
        if text == before:  # what stood beside something masked may be seen now
            break
    return text


def mask_all(value: Any, deepest: int = DEEPEST) -> Any:
    """The same value (JSON) with each of its texts masked, the names of fields too.

    What lies deeper than `deepest` levels is left out: nobody nests so deep what is meant to be read.
    """
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, (dict, list)) and deepest <= 0:
        return None
    if isinstance(value, dict):
        return {mask(str(key)): mask_all(item, deepest - 1) for key, item in value.items()}
    return [mask_all(item, deepest - 1) for item in value] if isinstance(value, list) else value
