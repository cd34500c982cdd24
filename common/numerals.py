"""Numbers as Chinese newspapers write them, and sizes of files."""

import math

_DIGITS = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))


def chinese(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十, 105 → 一百零五. Whole numbers from 0 to 9999."""
    if not 0 <= number <= 9999:
        raise ValueError("Only 0 to 9999.")
    if number == 0:
        return _DIGITS[0]
    words, gap = "", False
    for value, place in _PLACES:
        digit, number = divmod(number, value)
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + place
            gap = False
        else:
            gap = True
    if number:
        words += ("零" if gap and words else "") + _DIGITS[number]
    return words.removeprefix("一") if words.startswith("一十") else words


_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")


def capitals(number: int) -> str:
    """As on papers that nobody shall alter: 12 → 壹拾贰, 105 → 壹佰零伍, 20000 → 贰万.
    Whole numbers from 0 to 99,999,999."""
    high, low = divmod(number, 10_000)
    if high:
        gap = "零" if 0 < low < 1000 else ""
        rest = _formal(low) if low else ""
        return f"{_formal(high)}万{gap}{rest}"
    return _formal(low)


def _formal(number: int) -> str:
    words = chinese(number)
    if 10 <= number < 20:
        words = "一" + words
    return words.translate(_FORMAL)


def hours(minutes: int) -> tuple[str, str]:
    """Minutes as hours of one decimal, rounded down, in figures and in capitals: 7410 →
    (“123.5”, “壹佰贰拾叁点伍”)."""
    whole, tenth = divmod(minutes // 6, 10)
    if not tenth:
        return str(whole), capitals(whole)
    return f"{whole}.{tenth}", f"{capitals(whole)}点{_formal(tenth)}"


def megabytes(size: int) -> str:
    """Bytes as megabytes of one decimal, rounded up: what is over a limit by a little is
    never said to be as large as the limit."""
    return f"{math.ceil(size * 10 / (1 << 20)) / 10:.1f}"
