"""Stylised busts for honourees who are invented: 900 × 1200 design units."""

from functools import partial
from itertools import product
from math import cos, sin, tau

from unionportal.demo.pictures.kit import (
    BLUE_7,
    BLUE_9,
    CORAL,
    GOLD_2,
    GOLD_5,
    GOLD_6,
    GREEN_7,
    GREEN_9,
    HAIRS,
    INK,
    PAPER,
    RED_6,
    RED_7,
    RED_8,
    RED_9,
    SKINS,
    SLATE,
    Canvas,
    mix,
    smooth,
)

GROUNDS = [
    ("#d9b48a", "#b5713f"),
    ("#a9c0b4", "#4f7a68"),
    ("#b4c4d4", "#4b6d8f"),
    ("#e3c3b2", "#b5594a"),
    ("#d8cdb8", "#8f7a55"),
    ("#c9b6c4", "#7b566f"),
]
COATS = [BLUE_7, BLUE_9, SLATE, GREEN_7, "#35506b", "#7a3a2c", GREEN_9]
SHIRTS = [PAPER, "#dfe7ec", "#f3e3c6", "#e9d4d0"]


def bust(c: Canvas, rng, *, is_woman: bool, wears="", has_medal=False):
    """One person, hair and dress by chance. ``wears``: one of WEARS; who has no medal
    has the red flower of the honoured."""
    light, deep = rng.choice(GROUNDS)
    skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
    coat, shirt = rng.choice(COATS), rng.choice(SHIRTS)
    helmet = rng.choice([GOLD_5, PAPER, RED_6, "#2f6ea5"])
    c.gradient(light, deep)
    c.glow(450, 470, 560, mix(light, PAPER, 0.65), 0.85)
    c.kapok(
        rng.choice([90, 820]),
        rng.uniform(130, 260),
        150,
        rng.uniform(0, 6),
        mix(deep, CORAL, 0.3),
        deep,
    )
    shade = mix(skin, "#7a3f22", 0.28)
    wide = 300 if is_woman else 345
    if is_woman:
        style = "bob" if wears else rng.choice(["bob", "long", "bun"])
        if style == "bun":
            c.disc(450, 200, 80, hair)
        if style in ("bob", "long"):
            end = 690 if style == "bob" else 860
            c.blob(
                [
                    (270, end),
                    (250, 480),
                    (300, 300),
                    (450, 235),
                    (600, 300),
                    (650, 480),
                    (630, end),
                    (450, end + 30),
                ],
                hair,
            )
    # shoulders and coat
    c.blob(
        [
            (450 - wide - 60, 1500),
            (450 - wide - 40, 1200),
            (450 - wide, 960),
            (450 - 170, 850),
            (450, 830),
            (450 + 170, 850),
            (450 + wide, 960),
            (450 + wide + 40, 1200),
            (450 + wide + 60, 1500),
        ],
        coat,
    )
    c.poly([(365, 838), (535, 838), (490, 1060), (450, 1110), (410, 1060)], shirt)
    c.rect(378, 700, 144, 190, shade, radius=60)
    c.poly([(378, 830), (522, 830), (450, 930)], skin)
    c.poly([(362, 826), (450, 940), (372, 1000), (318, 866)], mix(shirt, INK, 0.06))
    c.poly([(538, 826), (450, 940), (528, 1000), (582, 866)], mix(shirt, INK, 0.06))
    dark = mix(coat, INK, 0.3)
    c.poly(
        [(318, 858), (262, 900), (300, 1010), (350, 1000), (446, 1220), (452, 1110)],
        dark,
    )
    c.poly(
        [(582, 858), (638, 900), (600, 1010), (550, 1000), (454, 1220), (448, 1110)],
        dark,
    )
    if not is_woman and rng.random() < 0.5:
        c.poly(
            [(430, 936), (470, 936), (482, 1080), (450, 1120), (418, 1080)],
            rng.choice([RED_8, BLUE_9]),
        )
    # ears, face
    for x in (292, 608):
        c.disc(x, 540, 34, shade, 48)
    c.blob(
        [
            (300, 470),
            (306, 590),
            (352, 700),
            (450, 752),
            (548, 700),
            (594, 590),
            (600, 470),
            (560, 360),
            (450, 326),
            (340, 360),
        ],
        skin,
    )
    c.disc(356, 628, 42, CORAL, 28, 0.16)
    c.disc(544, 628, 42, CORAL, 28, 0.16)
    for x in (382, 518):
        c.disc(x, 545, 15, INK, 17)
        c.disc(x + 5, 539, 4.5, PAPER)
        c.line(
            [(x - 36, 500 + rng.uniform(-4, 4)), (x, 490), (x + 36, 500)],
            mix(hair, skin, 0.1),
            11 if not is_woman else 7,
        )
    c.line([(452, 560), (440, 610), (458, 618)], shade, 7)
    c.ring(450, 640, 62, "#b1503f", 9, 42, 25, 155)
    if rng.random() < 0.28:
        for x in (382, 518):
            c.ring(x, 546, 56, "#2b2b30", 8, 46)
        c.line([(436, 540), (464, 540)], "#2b2b30", 8)
    if wears == "helmet":
        _helmet(c, helmet)
    elif is_woman:
        c.blob(
            [
                (286, 520),
                (280, 380),
                (350, 270),
                (450, 240),
                (550, 270),
                (620, 380),
                (614, 520),
                (570, 400),
                (440, 350),
                (340, 400),
            ],
            hair,
        )
    else:
        side = rng.choice([-1, 1])
        c.blob(
            [
                (288, 500),
                (276, 370),
                (340, 252),
                (450, 215),
                (560, 252),
                (624, 370),
                (612, 500),
                (584, 416),
                (520 + side * 20, 380),
                (450 + side * 50, 362),
                (370 + side * 20, 384),
                (316, 416),
            ],
            hair,
        )
    if wears == "nurse":
        c.poly([(352, 290), (376, 190), (524, 190), (548, 290), (450, 262)], PAPER)
        c.line([(372, 246), (450, 224), (528, 246)], BLUE_7, 12)
    if wears == "cap":
        c.blob(
            [(272, 380), (286, 250), (370, 196), (450, 186), (530, 196), (614, 250)]
            + [(628, 380), (450, 336)],
            BLUE_9,
        )
        c.blob([(262, 392), (450, 336), (638, 392), (560, 412), (450, 388)], INK)
        c.kapok(450, 274, 40, 0.3, GOLD_2, RED_7)
    if wears == "straw":
        c.disc(450, 348, 330, "#d9b878", 74)
        c.disc(450, 352, 330, "#c39d57", 44, 0.5)
        c.blob(
            [(290, 340), (300, 210), (450, 160), (600, 210), (610, 340), (450, 372)],
            "#e3c78c",
        )
        c.line(smooth([(292, 318), (450, 352), (608, 318)]), RED_7, 26)
    if has_medal:
        c.line([(560, 990), (584, 1056)], RED_7, 22)
        c.line([(608, 990), (584, 1056)], RED_7, 22)
        c.disc(584, 1090, 42, GOLD_6)
        c.disc(584, 1090, 34, GOLD_5)
        c.kapok(584, 1090, 27, 0.2, GOLD_2, RED_7)
    else:
        c.poly([(560, 1060), (536, 1200), (582, 1184), (590, 1060)], RED_8)
        c.poly([(596, 1060), (620, 1190), (650, 1150), (620, 1050)], RED_8)
        for i in range(9):
            x, y = cos(i * tau / 9), sin(i * tau / 9)
            c.disc(588 + 40 * x, 1030 + 40 * y, 27, RED_6 if i % 2 else RED_7)
        c.disc(588, 1030, 40, RED_6)
        c.disc(588, 1030, 17, GOLD_5)


def _helmet(c: Canvas, helmet):
    edge = mix(helmet, INK, 0.2)
    c.blob(
        [
            (276, 470),
            (278, 340),
            (340, 230),
            (450, 195),
            (560, 230),
            (622, 340),
            (624, 470),
            (450, 430),
        ],
        helmet,
    )
    c.line([(450, 205), (450, 420)], edge, 22)
    c.line([(360, 240), (340, 430)], edge, 11)
    c.line([(540, 240), (560, 430)], edge, 11)
    c.blob(
        [(226, 462), (450, 402), (674, 462), (640, 492), (450, 446), (260, 492)],
        edge,
    )
    c.disc(450, 330, 44, PAPER if helmet != PAPER else RED_7)
    c.kapok(450, 330, 34, 0.3, RED_6 if helmet != PAPER else GOLD_2, RED_9)


def group(c: Canvas, rng):
    """A plaque for an honoured team: helmets side by side, no faces."""
    c.gradient(RED_8, RED_9)
    c.glow(450, 520, 560, RED_6, 0.8)
    c.rect(150, 200, 600, 800, GOLD_6, radius=22)
    c.rect(166, 216, 568, 768, "#f3dc9a", radius=16)
    c.rect(190, 240, 520, 720, GOLD_6, radius=10)
    c.rect(196, 246, 508, 708, "#f8e8b8", radius=8)
    c.kapok(450, 420, 130, rng.uniform(0, 1), RED_6, RED_9)
    for i in range(13):
        for side in (-1, 1):
            x = 450 + side * (205 - abs(i - 6) * 5)
            c.disc(x, 300 + i * 26, 13, GOLD_6, 9)
    for i, color in enumerate((GOLD_5, RED_6, PAPER, "#2f6ea5", GOLD_5)):
        x, y = 270 + i * 90, 760 + (i % 2) * 40
        c.blob(
            [(x - 56, y), (x - 44, y - 54), (x, y - 76), (x + 44, y - 54), (x + 56, y)],
            mix(color, INK, 0.04),
        )
        c.rect(x - 68, y - 8, 136, 18, mix(color, INK, 0.25), radius=9)
    c.rect(270, 880, 360, 12, GOLD_6, radius=6)
    c.rect(320, 910, 260, 10, GOLD_6, radius=5)


WEARS = ("", "helmet", "cap", "straw", "nurse")


def named(*, is_woman: bool, wears: str, has_medal: bool) -> str:
    """The name of a portrait among PORTRAITS: ``woman``, ``man-helmet-medal`` …"""
    who = "woman" if is_woman else "man"
    return "-".join(filter(None, (who, wears, "medal" if has_medal else "")))


PORTRAITS = {
    named(is_woman=is_woman, wears=wears, has_medal=has_medal): partial(
        bust, is_woman=is_woman, wears=wears, has_medal=has_medal
    )
    for is_woman, wears, has_medal in product((True, False), WEARS, (True, False))
    if is_woman or wears != "nurse"
} | {"group": group}
