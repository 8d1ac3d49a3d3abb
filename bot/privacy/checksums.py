"""Check digits of numbers that name a person, a company or an account. Each takes the number as it was typed."""

from __future__ import annotations

import re


def digits(text: str) -> str:
    """The digits of a text, of any script, as 0 to 9."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def luhn(text: str) -> bool:
    """Cards, SIREN, SIRET, SIN: every second digit from the right counts double, its own digits added."""
    found = [int(digit) for digit in reversed(digits(text))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in found[1::2]]
    return (sum(found[::2]) + sum(doubled)) % 10 == 0


def siret(text: str) -> bool:
    """By Luhn; those of La Poste, which ran out of numbers, by the sum of their digits."""
    found = digits(text)
    return luhn(found) or (found.startswith("356000000") and sum(map(int, found)) % 5 == 0)


def nir(text: str) -> bool:
    """France's social security number: the last two digits are 97 less the rest divided by 97; Corsica has letters."""
    compact = re.sub(r"[^0-9AB]", "", text.upper()).replace("2A", "19").replace("2B", "18")
    if len(compact) != 15 or not compact.isdigit():
        return False
    return int(compact[13:]) == 97 - int(compact[:13]) % 97


def iban(text: str) -> bool:
    """ISO 7064: the first four characters put last and letters read as 10 to 35, it leaves 1 divided by 97."""
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    turned = compact[4:] + compact[:4]
    return sum(char.isdigit() for char in compact) >= 10 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def rib(text: str) -> bool:
    """A French account without its IBAN: bank, branch, account and key; letters as on an old telephone's keys."""
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    if len(compact) != 23:
        return False
    number = compact.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789"))
    bank, branch, account, key = int(number[:5]), int(number[5:10]), int(number[10:21]), int(number[21:])
    return key == 97 - (89 * bank + 15 * branch + 3 * account) % 97
