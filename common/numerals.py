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


def megabytes(size: int) -> str:
    """Bytes as megabytes of one decimal, rounded up: what is over a limit by a little is
    never said to be as large as the limit."""
    return f"{math.ceil(size * 10 / (1 << 20)) / 10:.1f}"
