"""Identity documents: whether a number can be one, and its one canonical spelling.

A resident's number is judged by length, province, date and check digit (GB 11643),
never by whether the county of its first six digits existed in the year of birth:
counties were founded, merged and renumbered, and lists of them turn real people away.
"""

import datetime
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common import crypto, letters
from common.errors import Reason, Refusal

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_OLDEST = 130  # years
# hyphens, and the apostrophe that keeps a cell a text
_GLUE = re.compile("[-‐‑–—'’‘`´]")
# what people type for the X at the end: a sign of multiplication, letters of others
_TENS = str.maketrans("×✕✖ХΧ", "XXXXX")

_OLD_RESIDENT = re.compile(r"[1-8][0-9]{14}")
_OLD_FOREIGNER = re.compile(r"[A-Z]{3}[0-9]{12}")
_HONG_KONG_MACAO = re.compile(r"([HM][0-9]{8})(?:[0-9]{2})?")
_TAIWAN = re.compile(r"[0-9]{8}")
_PASSPORT = re.compile(r"(?![0-9]+X)(?=.*[0-9])(?=.*[A-Z])[0-9A-Z]{6,10}")


@dataclass(frozen=True, slots=True)
class Identity:
    """``whole`` is what a fingerprint is taken of: 18 characters for residents, so that
    an old 15-digit number and the new one of the same person meet."""

    kind: str  # resident, old, foreigner, permit (residence), pass (travel)
    whole: str
    born: datetime.date | None = None
    is_male: bool | None = None

    @property
    def last6(self) -> str:
        return self.whole[-6:]

    @property
    def last4(self) -> str:
        return self.whole[-4:]


def _no(code: str, text: str) -> Refusal:
    return Refusal(Reason(code, text, field="identity"))


def plain(typed: str) -> str:
    """The characters that were meant: any script's digits as 0-9, letters large,
    nothing between them."""
    return _GLUE.sub("", letters.number(typed)).translate(_TENS)


def read(typed: str, *, today: datetime.date) -> Identity:
    """The document whose number was typed.

    Resident identity cards (18 digits, and the 15 of before 1999), residence permits of
    Hong Kong, Macao and Taiwan (810000, 820000, 830000), permanent residence cards of
    foreigners (18 digits from 9, and the older three letters with twelve digits),
    travel permits of Hong Kong and Macao (H or M) and of Taiwan (eight digits). No
    passports: their numbers change with every issue and would find nobody again.
    Raises Refusal with one sentence for the person.
    """
    number = plain(typed)
    if not number:
        raise _no("identity_missing", _("请填写身份证号码"))
    if pass_ := _HONG_KONG_MACAO.fullmatch(number):
        # ten digits: the last two count how often it was issued
        return Identity("pass", pass_.group(1))
    if _TAIWAN.fullmatch(number):
        return Identity("pass", number)
    if _OLD_FOREIGNER.fullmatch(number):
        _check_region(number[3:5], _("第4至5位"))
        born = _day("19" + number[7:13], "20" + number[7:13], today=today)
        return Identity("foreigner", number, born)
    if _PASSPORT.fullmatch(number):
        text = _("护照号码换发后会变，不能用来登记，请填写身份证或居住证件的号码")
        raise _no("identity_passport", text)
    if not re.fullmatch(r"[0-9]*X?", number):
        text = _("身份证号码只能是数字，最后一位可以是X")
        raise _no("identity_characters", text)
    if _OLD_RESIDENT.fullmatch(number):
        seventeen = number[:6] + "19" + number[6:]
        number = seventeen + check_digit(seventeen)
        kind = "old"
    elif len(number) != 18:
        text = _("身份证号码应为18位，现在是%(n)d位") % {"n": len(number)}
        raise _no("identity_length", text)
    else:
        kind = "permit" if number[:2] in {"81", "82", "83"} else "resident"
    return _eighteen(number, kind, today)


def _eighteen(number: str, kind: str, today: datetime.date) -> Identity:
    if number[0] == "9":
        kind = "foreigner"
        _check_region(number[1:3], _("第2至3位"))
    else:
        _check_region(number[:2], _("前两位"))
    born = _day(number[6:14], today=today)
    if number[17] != check_digit(number[:17]):
        raise _no("identity_check", _("身份证号码校验不通过，请核对最后一位"))
    return Identity(kind, number, born, is_male=int(number[16]) % 2 == 1)


def _check_region(code: str, where: str) -> None:
    if code not in _PROVINCES:
        text = _("身份证号码%(where)s不是省级行政区代码（%(code)s）")
        raise _no("identity_province", text % {"where": where, "code": code})


def check_digit(seventeen: str) -> str:
    """The eighteenth character: weighted sum modulo 11 (GB 11643-1999)."""
    total = sum(int(d) * w for d, w in zip(seventeen, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _day(*candidates: str, today: datetime.date) -> datetime.date:
    """The first candidate (YYYYMMDD) that somebody alive can be born on."""
    refusal = None
    for digits in candidates:
        written = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
        try:
            day = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            text = _("身份证号码中的出生日期不存在（%(day)s）")
            refusal = refusal or _no("identity_birth", text % {"day": written})
            continue
        if today.year - _OLDEST <= day.year and day <= today:
            return day
        text = (
            _("身份证号码中的出生日期还没有到（%(day)s）")
            if day > today
            else _("身份证号码中的出生日期过早（%(day)s）")
        )
        refusal = refusal or _no("identity_birth", text % {"day": written})
    raise refusal


def masked(typed: str) -> str:
    """How a number is shown: its last four characters, or none of a short one."""
    number = plain(typed)
    return "****" + (number[-4:] if len(number) > 7 else "") if number else ""


def fingerprint(document: Identity) -> str:
    """What finds a person again: ``Worker.identity_hmac``."""
    return crypto.digest("identity", document.whole)


def last6_fingerprint(last6: str) -> str:
    """``Worker.identity_last6_hmac``: what a person is verified by, beside name and
    union. ``last6`` as typed."""
    return crypto.digest("identity-last6", plain(last6))
