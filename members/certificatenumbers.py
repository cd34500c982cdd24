"""The numbers of certificates: drawn at random, so that none can be guessed from
another, with a character that shows a slip of the pen.

Twelve of 31 characters, without those that are read for each other (0 O, 1 I L). 31 is
a prime: the weights find every single wrong character and every two that changed places.
"""

import secrets

from common import letters

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
PATTERN = f"^[{ALPHABET}]{{{LENGTH}}}$"
_DASHES = str.maketrans("", "", "-\u2010\u2011\u2012\u2013\u2014\u2212\u00b7._/")


def draw() -> str:
    """A new number, 54 bits of it random."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def typed(text: str) -> str:
    """A number as it was typed: without dashes and blanks, in capital letters."""
    return letters.number(text).translate(_DASHES)


def is_whole(number: str) -> bool:
    """Whether it has the length, the characters and the last one that fits the rest."""
    if len(number) != LENGTH or set(number) - set(ALPHABET):
        return False
    return _check(number[:-1]) == number[-1]


def grouped(number: str) -> str:
    """As it is printed: 2F4K-9QRT-XB7M."""
    return "-".join(number[at : at + 4] for at in range(0, LENGTH, 4))


def _check(body):
    # the last character has the weight 1: it makes the sum a multiple of 31
    total = sum(
        ALPHABET.index(char) * weight
        for char, weight in zip(body, range(LENGTH, 1, -1), strict=True)
    )
    return ALPHABET[-total % len(ALPHABET)]
