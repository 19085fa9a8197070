"""Finds personal data in a text: addresses, numbers that pass their checksums. Such a mention never becomes a public thread."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*[A-Za-z]{2,}")
_NUMBER = re.compile(r"(?<![\w.])\+?\d[\d ()-]{7,22}\d(?!\w)")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d)")  # a log line is no telephone number
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_CHINESE_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def holds_personal_data(text: str) -> bool:
    """Whether the text shows an e-mail address, a telephone, card or account number, or a Chinese identity number."""
    return (
        _EMAIL.search(text) is not None
        or any(_is_chinese_id(match.group()) for match in _CHINESE_ID.finditer(text))
        or any(_is_iban(match.group()) for match in _IBAN.finditer(text))
        or any(_is_telephone_or_card(match.group()) for match in _NUMBER.finditer(_DATE.sub(" | ", text)))
    )


def _is_telephone_or_card(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    if 13 <= len(digits) <= 19 and _luhn(digits):
        return True
    if number.startswith("+"):
        return 8 <= len(digits) <= 15
    if re.fullmatch(r"1[3-9]\d{9}", digits):  # a Chinese mobile number
        return True
    return 10 <= len(digits) <= 11 and re.search(r"[ ()-]", number.strip()) is not None


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2])
    return len(set(digits)) > 1 and (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def _is_iban(text: str) -> bool:
    packed = text.replace(" ", "")
    if not 15 <= len(packed) <= 34:
        return False
    turned = packed[4:] + packed[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _is_chinese_id(text: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()
