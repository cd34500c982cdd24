import pytest

from members import phones


@pytest.mark.parametrize(
    "typed",
    [
        "13900001234",
        "+8613900001234",
        "86 139-0000-1234",
        "0086 139 0000 1234",
        "１３９００００１２３４",
        "٠١٣٩".replace("٠", "", 1) + "٠٠٠٠١٢٣٤",
        "＋８６１３９００００１２３４",
        "（139）0000 1234",
        "139–0000—1234",
        "  139\u30000000\u00a01234 ",
        "\u202d+86 139 0000 1234\u202c",
        "\u200e139\u00ad00001234\ufeff",
    ],
)
def test_canonical_phone_every_usual_spelling_is_one_number(typed):
    assert phones.canonical(typed) == "+8613900001234"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1390000123",
        "139000012345",
        "12900001234",
        "03900001234",
        "1390000123x",
        "+1 3900001234",
        "861390000123486",
        "①③⑨0000123４x",
        "13900001234;13900001235",
    ],
)
def test_canonical_phone_anything_else_is_no_number(typed):
    assert phones.canonical(typed) is None
