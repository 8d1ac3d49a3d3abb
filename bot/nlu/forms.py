"""How a clause asks: yes or no, how many, which, a list, a comparison; and what it says along with that."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, Optional, Pattern, Tuple

from bot.knowledge.question import COMPARE, HOW_MANY, LIST, OPEN, WHICH, YES_NO
from bot.words.folding import aligned
from bot.words.lexicon import Lexicon, any_of, lexicons

_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+(?![\w/])|(?<![\w.,/-])\d+(?![\w/])")
_CLEFT = re.compile(
    r"^(?:et\s+)?(?:c'est|c est|est-ce)\s+(?!qui|quoi|quel|combien|quand|ou\b)[^?]*\s+qu(?:i\b|e\b|')[^?]*\?"
)
_WITHIN_A_NUMBER = re.compile(r"[\s-]*(?:(?:et|and)[\s-]+)?")
_MILLION = 1_000_000
_MILLIONS = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,2})?)\s?(?:millions?|m€)(?!\w)")  # "2.7 million", "20 M€"
_YEAR = re.compile(r"^(?:19|20)\d\d$")


@functools.cache
def _patterns(language: str) -> Dict[str, Pattern[str]]:
    lexicon: Lexicon = lexicons()[language]
    first = "|".join(re.escape(word) for word in sorted(lexicon.yes_no_first, key=len, reverse=True))
    inverted = "|".join(re.escape(word) for word in sorted(lexicon.inversion, key=len, reverse=True))
    joiner = any_of([*lexicon.joiners, "alors", "donc", "so", "but", "mais", "or", "ok", "well", "then", "et si"])
    return {
        "how_many": re.compile(rf"(?!{any_of(lexicon.how_long)}){any_of(lexicon.how_many)}"),
        "proposed": re.compile(rf",\s*(?:\w+\s+)?(?:\d[\d\s,.]*|{any_of(lexicon.number_words)})\s*\?+\s*$"),
        "which": re.compile(any_of(lexicon.which)),
        "listing": re.compile(any_of(lexicon.listing)),
        "whether": re.compile(any_of(lexicon.whether)),
        "reported": re.compile(any_of(lexicon.reported)),
        "knows": re.compile(any_of(lexicon.knows)),
        "first": re.compile(rf"(?:^|,\s)(?:{joiner}[\s,]*)*(?:{first})(?:(?<=')|(?!\w))"),
        "inverted": re.compile(rf"\w(?:{inverted})(?!\w)" if inverted else r"(?!)"),
        "tag": re.compile(rf"[\s,]{any_of(lexicon.yes_no_tags)}\s*\?*\s*$"),
        "by": re.compile(any_of(lexicon.comparatives)),
        "reckon": re.compile(any_of(lexicon.reckonings)),
        "stated": re.compile(rf"^(?:{joiner}[\s,]*)*{any_of(lexicon.stated)}"),
        "requested": re.compile(rf"(?<!\w)(?:you|vous|tu)\s+(?:\w+\s+|m'|me\s+)?{any_of(lexicon.knows)}"),
        "verb": re.compile(any_of(lexicon.verbs)),
        "only": re.compile(any_of(lexicon.only)),
        "today": re.compile(any_of(lexicon.today)),
        "wholly": re.compile(any_of(lexicon.wholly)),
        "required": re.compile(any_of(lexicon.required)),
        "yearly": re.compile(any_of(lexicon.yearly)),
        "either": re.compile(rf"(?<=\w)[\s,]+{any_of(lexicon.alternatives)}\s+\w"),
        "no_either": re.compile(any_of(lexicon.no_alternatives)),
        "which_type": re.compile(
            rf"{any_of(lexicon.which_type)}(?:(?:\s+\w+)?\s+{any_of([*lexicon.speaker, 'on'])}\s+\w+)?\W*$"
        ),
        "others": re.compile(any_of(lexicon.others)),
        "alike": re.compile(any_of(lexicon.alike)),
        "bound": re.compile(any_of(lexicon.bounds)),
        "negated": re.compile(any_of(lexicon.negations) + r"|n't(?!\w)"),
        "denying": re.compile(any_of(lexicon.denying)),
        "undenied": re.compile(any_of(lexicon.undenied)),
        "number_word": re.compile(rf"(?<!\w)(?:{'|'.join(sorted(lexicon.number_words, key=len, reverse=True))})(?!\w)"),
    }


def compared_by(folded: str, language: str) -> Optional[str]:
    """What a clause compares by ("older" -> "date:first"), if it does."""
    found = _patterns(language)["by"].search(folded)
    return lexicons()[language].comparatives[found.group()] if found else None


def reckoned_by(folded: str, language: str) -> Optional[str]:
    """How a clause wants a figure worked out ("how many more?" -> "gap"), if it does."""
    found = _patterns(language)["reckon"].search(folded)
    return lexicons()[language].reckonings[found.group()] if found else None


def form_of(folded: str, language: str) -> str:
    """The form of a folded clause; read in the other language where its own says nothing, as people mix them."""
    others = [other for other in lexicons() if other != language]
    read = (_form_in(folded, one) for one in (language, *others))
    return next((form for form in read if form != OPEN), OPEN)


def _form_in(folded: str, language: str) -> str:
    patterns = _patterns(language)
    if patterns["by"].search(folded):
        return COMPARE
    asks = _any_question_word().search(folded)
    first = patterns["first"].search(folded)
    if patterns["whether"].search(folded) or (patterns["reported"].search(folded) and not asks):
        return YES_NO
    if asks and patterns["stated"].search(folded):  # "il y a combien de grappes ?"
        first = None
    if first and not patterns["requested"].search(folded) and not (asks and patterns["knows"].search(folded)):
        return YES_NO
    if _put_in_the_middle().search(folded) or _CLEFT.search(folded):
        return YES_NO
    if patterns["inverted"].search(folded) and not asks:
        return YES_NO
    if patterns["proposed"].search(folded):
        return YES_NO  # "how many are there, 22?"
    if patterns["how_many"].search(folded):
        return HOW_MANY
    if patterns["which"].search(folded):
        return WHICH
    if patterns["listing"].search(folded):
        return LIST
    if patterns["tag"].search(folded):
        return YES_NO
    told = any(patterns[name].search(folded) for name in ("verb", "only", "alike"))
    return YES_NO if folded.rstrip().endswith("?") and not asks and told else OPEN


@functools.cache
def _any_question_word() -> Pattern[str]:
    """Words that ask for more than yes or no; of either language, as people mix them."""
    return re.compile(
        any_of(
            word
            for lexicon in lexicons().values()
            for word in lexicon.question_words
            if word not in lexicon.yes_no_first
        )
    )


def asks_whether(folded: str, language: str) -> bool:
    """Whether a folded clause wants yes or no, though it compares ("are there more ...?")."""
    patterns = _patterns(language)
    if patterns["first"].search(folded) or patterns["inverted"].search(folded):
        return True
    asks = _any_question_word().search(folded) or patterns["which"].search(folded)
    return bool(patterns["verb"].search(folded)) and not asks and folded.rstrip().endswith("?")


def asks_what_is_required(folded: str, language: str) -> bool:
    return bool(_patterns(language)["required"].search(folded))


@functools.cache
def _put_in_the_middle() -> Pattern[str]:
    """ "est-ce que" behind what it asks about, and behind no question word ("combien est-ce que")."""
    words = {word for lexicon in lexicons().values() for word in lexicon.question_words}
    behind = "".join(rf"(?<!\b{re.escape(word)} )" for word in sorted(words))
    return re.compile(rf"(?<=\w ){behind}est[- ]ce qu(?:e\b|')")


def says_only(folded: str, language: str) -> bool:
    return bool(_patterns(language)["only"].search(folded))


def says_today(folded: str, language: str) -> bool:
    return bool(_patterns(language)["today"].search(folded))


def asks_which_type(text: str) -> bool:
    """Whether a text ends with "which cluster?", in any language."""
    folded = aligned(text)
    return any(_patterns(language)["which_type"].search(folded) for language in lexicons())


def says_wholly(folded: str, language: str) -> bool:
    return bool(_patterns(language)["wholly"].search(folded))


def says_either(folded: str, language: str) -> bool:
    """Whether a clause puts one thing against another ("national or regional?"); "or not?" does not."""
    patterns = _patterns(language)
    return bool(patterns["either"].search(patterns["tag"].sub(" ", patterns["no_either"].sub(" ", folded))))


def asks_for_others(folded: str, language: str) -> bool:
    """Whether a clause asks what else there is ("what other funders?", "qui d'autre ?")."""
    return bool(_patterns(language)["others"].search(folded))


def says_alike(folded: str, language: str) -> bool:
    return bool(_patterns(language)["alike"].search(folded))


def says_yearly(folded: str) -> bool:
    """Whether a clause speaks of each year, in any language: "par an ?" alone tells none."""
    return any(_patterns(language)["yearly"].search(folded) for language in lexicons())


def bound_in(folded: str, language: str) -> Optional[str]:
    """ "more" or "less", where a folded clause puts a number as a bound."""
    found = _patterns(language)["bound"].search(folded)
    return lexicons()[language].bounds[found.group()] if found else None


def is_negated(folded: str, language: str) -> bool:
    """Whether a clause has a "not"; that of "isn't it?" at its end is none."""
    patterns = _patterns(language)
    return bool(patterns["negated"].search(patterns["tag"].sub(" ", folded)))


def is_denying(folded: str, language: str) -> bool:
    """Whether a folded clause asks of what is ruled out ("are they never ...?", "is it forbidden?")."""
    patterns = _patterns(language)
    return bool(patterns["denying"].search(patterns["undenied"].sub(" ", folded)))


def numbers_in(folded: str, language: str) -> Tuple[List[int], List[int]]:
    """The numbers a folded clause names, written out or not, and the years."""
    numbers: List[int] = []
    years: List[int] = []
    for found in _MILLIONS.finditer(folded):
        numbers.append(round(float(found.group(1).replace(",", ".")) * _MILLION))
    for found in _NUMBER.finditer(_MILLIONS.sub(" ", folded)):
        digits = re.sub(r"\D", "", found.group())
        (years if _YEAR.match(digits) else numbers).append(int(digits[:12]))
    numbers += _spelt_out(folded, language)
    return [number for number in numbers if number > 1], years


def _spelt_out(folded: str, language: str) -> List[int]:
    """The numbers written in words ("eight hundred", "cent vingt-six")."""
    known = lexicons()[language].number_words
    numbers: List[int] = []
    end = -1
    for found in _patterns(language)["number_word"].finditer(folded):
        number = known[found.group()]
        adjacent = bool(numbers) and bool(_WITHIN_A_NUMBER.fullmatch(folded[end : found.start()]))
        whole = _together(numbers[-1], number) if adjacent else None
        if whole is None:
            numbers.append(number)
        else:
            numbers[-1] = whole
        end = found.end()
    return numbers


def _together(first: int, then: int) -> Optional[int]:
    """What two words of one number say; None where they are two numbers."""
    if then >= 100 > first or (first, then) == (4, 20):  # "eight hundred", "quatre-vingts"
        return first * then
    joins = first % 10 ** len(str(then)) == 0 or (then < 20 and first % 100 in (60, 80))  # "soixante-douze"
    return first + then if joins else None
