"""What is masked and, just as important, what is not."""

from __future__ import annotations

import datetime
import random
from typing import Any, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy.masking import DEEPEST, mask, mask_all
from bot.privacy.wording import wording
from tests.conftest import ROOT

MARKS = wording().marks
BLANKS = ["", " ", "\u00a0", ".", "-"]
OF_THE_BULLETIN = ("01 44 16 80 63", "+33 1 44 16 80 63")


SECRETS = {
    "email": (
        "jean.dupont@orange.fr | Marie+spam@sub.example.co.uk | éric@exemple.pm | a@b.fr | "
        "jean.dupont (at) orange.fr | jean arobase orange point fr | jean[at]orange[dot]fr | jean.dupont @ gmail.com | "
        "jean.dupont@ gmail.com | jean.dupont(a)gmail.com | jean.dupont at gmail dot com | jean.dupont＠gmail.com | "
        "jean.dupont at gmail.com"
    ),
    "phone": (
        "06 12 34 56 78 | 0612345678 | 06.12.34.56.78 | 06-12-34-56-78 | 0612 345 678 | "
        "01\u00a040\u00a005\u00a006\u00a007 | +33612345678 | +33 6 12 34 56 78 | +33 (0)6 12 34 56 78 | "
        "0033 6 12 34 56 78 | +508 41 05 30 | +508410530 | 00508 41 05 30 | 0508 41 05 30 | "
        "(+508) 41.05.30 | +508 55 12 34 | 41 05 30 | 55.12.34 | +590 590 12 34 56 | (709) 555-1234 | "
        "709-555-1234 | 709 555 1234 | 709.555.1234 | 7095551234 | +1 709 555 1234 | +1 (709) 555-1234 | "
        "1-902-555-0199 | +17095551234 | +44 20 7946 0958 | 06/12/34/56/78 | 06 - 12 - 34 - 56 - 78 | "
        "06  12  34  56  78 | 06–12–34–56–78 | 06,12,34,56,78 | 06_12_34_56_78 | 06 / 12 / 34 / 56 / 78 | "
        "508 41 12 34 | 508 55.12.34 | 001 709 555 1234 | 0044 20 7946 0958 | +33 6/12/34/56/78"
    ),
    "iban": (
        "FR76 3000 6000 0112 3456 7890 189 | FR7630006000011234567890189 | fr7630006000011234567890189 | "
        "DE89 3704 0044 0532 0130 00 | BE68 5390 0754 7034 | GB29 NWBK 6016 1331 9268 19 | "
        "MT84MALT011000012345MTLCAST001S | 30006 00001 12345678901 89 | 30006000011234567890189"
    ),
    "card": (
        "4111 1111 1111 1111 | 4111111111111111 | 5500-0000-0000-0004 | 3782 822463 10005 | "
        "6011000990139424 | 2223000048400011 | 30569309025904 | 4111.1111.1111.1111 | 4111 1111 11111111"
    ),
    "identity": (
        "2 69 05 49 588 157 80 | 269054958815780 | 2-69-05-49-588-157-80 | 1 85 05 78 006 084 36 | "
        "1 85 05 2A 006 084 36 | "
        "130-692-544 | 12AB34567"
    ),
    "company": "732 829 320 00074 | 73282932000074 | 732.829.320.00074 | 356 000 000 00048",
    "address": (
        "12 rue des Lilas | 4 bis rue de l'Espoir | 12, boulevard Port en Bessin | 12 Water Street | 7 Duckworth St."
    ),
}
LEFT_ALONE = (
    "on est 12 | 2015 | 20 M€ | 558 | 5 508 habitants | 126 grappes | 10 000 000 € | 1 500 000 000 € | "
    "2 547 893 210 euros | 2547893210 € | entre 2014 et 2020 | 2014-2020 | 2012 2013 2014 2015 | "
    "2012, 2013, 2014, 2015 | 12/11/2015 | 05/12/2015 14h30 | 05.12.2015 14:30 | 05 12 2015 14 h | "
    "01-02-2015 10 | le 31 décembre 2015 | loi n° 2014-856 du 31 juillet 2014 | article L. 3332-17-1 | "
    "71 pôles, dont 17 | 97500 Saint-Pierre | BP 4207 | 40 41 42 43 | 12 34 56 | 1 000 000 | 100,5 % | "
    "3,14159265 | 1234567890123456 | 4111 1111 1111 1112 | FR76 3000 6000 0112 3456 7890 188 | H2020 | "
    "UE28 | @cacima | rdv @ 14.30 | pages 1, 2, 3, 4 | p. 12-15 | 2 cours de cuisine | 10 place de marché | "
    "rue de Paris | "
    "le PTCE est né le 31 juillet 2014 | née en 2009 | 508 411 habitants | 1234567 | 269054958815781 | "
    "732 829 320 00075 | "
    "130-692-545 | 01/02/03 | 3,5 | 12,50 € | look at this | 1 850 578 006 084 | L. 123-4-5 | numéro 12 | p. | "
    "552 100 554 | 410530 € | 20-30 personnes | de 10 à 250 salariés | 0,5 M€ | "
    '050 | /ask_count{"topic": "ptce"} | '
    '/guide_answer{"criterion": "aim", "value": "network"}'
)


@pytest.mark.parametrize(
    ("kind", "secret"), [(kind, one) for kind, many in SECRETS.items() for one in many.split(" | ")]
)
@pytest.mark.parametrize(
    "around", ["{}", "écrivez-moi à {} merci", "({})", "{}.", "my contact: {}, thanks", "on est 12, {} et 2015 ?"]
)
def test_masked_wherever_it_stands(kind: str, secret: str, around: str) -> None:
    masked = mask(around.format(secret))
    assert masked == around.format(MARKS[kind])
    assert mask(masked) == masked


def test_a_number_said_to_be_a_telephone() -> None:
    assert mask("tél : 410530") == f"tél : {MARKS['phone']}"
    assert mask("mobile 551234 svp") == f"mobile {MARKS['phone']} svp"


SAID = [
    ("mon numero est {}", "411234", "phone"),
    ("appelez moi au {}", "551234", "phone"),
    ("mon tel c'est le {}", "41 1234", "phone"),
    ("call me at {} please", "55 12 34", "phone"),
    ("wa.me/{}", "33612345678", "phone"),
    ("NAS {}", "046 454 286", "identity"),
    ("my SIN is {}", "046454286", "identity"),
    ("mon passeport : {}", "09AB12345", "identity"),
    ("passport {}", "AB123456", "identity"),
    ("n° de sécu {}", "1850578006084", "identity"),
    ("siren {}", "552 100 554", "company"),
    ("je suis né le {}", "5 mars 1980", "birth"),
    ("je suis née le {}, à Miquelon", "05/03/1980", "birth"),
    ("date de naissance : {}", "05.03.80", "birth"),
    ("I was born on {}", "March 5, 1980", "birth"),
    ("DOB {}", "1980-03-05", "birth"),
]


@pytest.mark.parametrize(("around", "secret", "kind"), SAID)
def test_masked_where_a_word_says_what_it_is(around: str, secret: str, kind: str) -> None:
    assert mask(around.format(secret)) == around.format(MARKS[kind])
    assert mask(mask(around.format(secret))) == around.format(MARKS[kind])


def test_what_comes_after_a_mark_is_not_taken_for_a_telephone() -> None:
    assert mask("06 12 34 56 78, 550000 habitants") == f"{MARKS['phone']}, 550000 habitants"


def written() -> Iterator[str]:
    """All that the bot knows and was taught, and what its tests ask: years, figures, prices, pages, dates, laws."""
    for folder in ("data", "tests"):
        for path in sorted((ROOT / folder).rglob("*.yml")):
            yield from path.read_text(encoding="utf-8").splitlines()


def test_nothing_of_what_people_ask_and_are_told_is_masked() -> None:
    """But the addresses and the telephone number of the bulletin, which it may also be asked about."""
    lines = list(written())
    touched = [line for line in lines if mask(line) != line]
    assert len(lines) > 10_000
    assert [line for line in touched if "@" not in line and not any(one in line for one in OF_THE_BULLETIN)] == []
    assert len(touched) < 60


@pytest.mark.parametrize("number", OF_THE_BULLETIN)
def test_the_number_of_the_bulletin_is_masked_where_a_person_writes_it(number: str) -> None:
    """Nothing but the bulletin tells it from a person's own: what is said to people is not masked, what they say is."""
    assert any(number in line for line in written())
    assert mask(f"le {number} ?") == f"le {MARKS['phone']} ?"


def test_several_in_one_text() -> None:
    text = "jean@x.fr ou 06 12 34 56 78, IBAN FR76 3000 6000 0112 3456 7890 189 merci"
    assert mask(text) == f"{MARKS['email']} ou {MARKS['phone']}, IBAN {MARKS['iban']} merci"


@pytest.mark.parametrize("text", LEFT_ALONE.split(" | "))
def test_what_people_talk_about_stays(text: str) -> None:
    assert mask(text) == text


UNITS = [
    "",
    " €",
    "€",
    " M€",
    " k€",
    " euros",
    " %",
    " salariés",
    " personnes",
    " people",
    " grappes",
    " habitants",
    " ans",
    " km",
]


@given(
    st.integers(0, 9_999_999),
    st.sampled_from(UNITS),
    st.sampled_from(["", "on est ", "depuis ", "we are ", "environ "]),
)
@settings(max_examples=1500, deadline=None)
def test_counts_years_and_sums_are_never_masked(number: int, unit: str, before: str) -> None:
    for written in (str(number), f"{number:,}".replace(",", " "), f"{number:,}".replace(",", "\u00a0"), f"{number:,}"):
        assert mask(f"{before}{written}{unit}") == f"{before}{written}{unit}"


@given(st.integers(1, 99_999_999_999), st.sampled_from([" €", "€", " euros", " M€", " dollars", " CAD"]))
@settings(max_examples=800, deadline=None)
def test_amounts_of_any_size_are_never_masked(number: int, unit: str) -> None:
    for written in (str(number), f"{number:,}".replace(",", " ")):
        assert mask(written + unit) == written + unit


@given(st.lists(st.integers(1800, 2199), min_size=1, max_size=6), st.sampled_from([" ", ", ", " et ", "-", "/"]))
@settings(max_examples=800, deadline=None)
def test_years_are_never_masked(years: list[int], joint: str) -> None:
    text = joint.join(map(str, years))
    assert mask(text) == text


@given(
    st.dates(datetime.date(1800, 1, 1), datetime.date(2199, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %m %Y", "%d/%m/%y", "%d/%m/%Y %Hh%M"]),
)
@settings(max_examples=800, deadline=None)
def test_dates_are_never_masked(date: object, form: str) -> None:
    text = date.strftime(form)  # type: ignore[attr-defined]
    assert mask(text) == text


@given(st.integers(100_000_000, 999_999_999), st.sampled_from(BLANKS), st.sampled_from(["0", "+33 ", "+33", "0033"]))
@settings(max_examples=800, deadline=None)
def test_french_numbers_are_always_masked(rest: int, blank: str, prefix: str) -> None:
    digits = str(rest)
    pairs = blank.join([digits[0], *(digits[i : i + 2] for i in range(1, 9, 2))])
    written = prefix + (digits[0] + blank + blank.join(digits[i : i + 2] for i in range(1, 9, 2)) if blank else digits)
    if prefix == "0" and f"{digits[3:7]}"[:2] in ("19", "20") and blank:
        return  # 01 02 20 15 ... reads as a date: told apart below
    assert mask(f"appelez {written} svp") == f"appelez {MARKS['phone']} svp", pairs


@given(st.integers(0, 999_999), st.sampled_from(BLANKS), st.sampled_from(["+508", "00508", "+508 "]))
@settings(max_examples=500, deadline=None)
def test_numbers_of_the_archipelago_are_always_masked(number: int, blank: str, prefix: str) -> None:
    digits = f"{number:06}"
    assert mask(f"{prefix}{blank.join((digits[:2], digits[2:4], digits[4:]))}") == MARKS["phone"]


@given(
    st.integers(2, 9),
    st.integers(0, 99),
    st.integers(200, 999),
    st.integers(0, 9999),
    st.sampled_from(["({}) {}-{:04}", "{}-{}-{:04}", "{} {} {:04}", "+1 {} {} {:04}", "{}{}{:04}"]),
)
@settings(max_examples=800, deadline=None)
def test_canadian_numbers_are_always_masked(first: int, area: int, exchange: int, line: int, form: str) -> None:
    assert mask(form.format(f"{first}{area:02}", exchange, line)) == MARKS["phone"]


@given(st.integers(0, 10**14 - 1), st.sampled_from(["4", "51", "37", "60"]), st.sampled_from(["", " ", "-"]))
@settings(max_examples=500, deadline=None)
def test_cards_are_masked_by_their_checksum_only(number: int, scheme: str, blank: str) -> None:
    body = (scheme + f"{number:014}")[:15]
    for last in "0123456789":
        digits = body + last
        good = sum(sum(divmod(2 * int(d), 10)) if i % 2 == 0 else int(d) for i, d in enumerate(digits)) % 10 == 0
        written = blank.join(digits[i : i + 4] for i in range(0, 16, 4))
        assert (mask(written) == MARKS["card"]) == good


@given(st.text(max_size=300))
@settings(max_examples=500, deadline=None)
def test_any_text_passes_and_masking_is_done_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


def test_a_long_text_takes_no_time() -> None:
    import time

    chance = random.Random(3)
    for alphabet in (
        "0123456789 ",
        "a.@-",
        "FR76 1234A",
        "0 ",
        "(+508)",
        "point arobase ",
        "tel num 41 ",
        "12 rue de la ",
    ):
        text = "".join(chance.choice(alphabet) for _ in range(4000))
        begun = time.process_time()
        mask(text)
        assert time.process_time() - begun < 0.5, alphabet


def test_all_texts_of_a_value() -> None:
    assert mask_all({"a": ["x@y.fr", 5, None, {"b": "2015"}]}) == {"a": [MARKS["email"], 5, None, {"b": "2015"}]}
    assert mask_all({"x@y.fr": True}) == {MARKS["email"]: True}


def test_values_nested_beyond_reason_are_cut() -> None:
    value: Any = "x@y.fr"
    for _ in range(5000):
        value = [value]
    masked, depth = mask_all(value), 0
    while masked:
        masked, depth = masked[0], depth + 1
    assert (masked, depth) == (None, DEEPEST)
