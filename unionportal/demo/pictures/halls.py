"""Scenes for articles under a roof: 1600 × 900 design units. Each (canvas, rng)."""

import math

from unionportal.demo.pictures.kit import (
    BLUE_3,
    BLUE_5,
    BLUE_7,
    BLUE_9,
    CORAL,
    CREAM,
    GOLD_2,
    GOLD_5,
    GOLD_6,
    GREEN_3,
    GREEN_5,
    GREEN_7,
    GREEN_9,
    HAIRS,
    INK,
    PAPER,
    PAPER_2,
    RED_6,
    RED_7,
    RED_8,
    RED_9,
    ROSE,
    SKINS,
    SLATE,
    STONE,
    WOOD,
    WOOD_2,
    Canvas,
    mix,
    smooth,
)
from unionportal.demo.pictures.people import HOLD, audience, person


def classroom(c: Canvas, rng):
    """An evening class in the workers' palace: teacher, board, people of all ages."""
    c.gradient("#f3e7d3", "#efe0c6", bottom=640)
    c.gradient("#b98a56", "#8a5f38", top=640)
    c.rect(120, 90, 900, 400, WOOD_2, radius=8)
    c.rect(136, 106, 868, 368, GREEN_9)
    c.glow(560, 260, 420, "#2b6a50", 0.5)
    note = "#e9efe6"
    for row in range(4):  # a stave with notes
        c.line([(200, 190 + row * 22), (620, 190 + row * 22)], note, 3, 0.8)
    for i in range(6):
        x, y = 240 + i * 62, 200 + rng.randint(0, 3) * 17
        c.disc(x, y, 13, note, 10)
        c.line([(x + 11, y), (x + 11, y - 62)], note, 4)
    for row in range(3):
        c.line(
            [(200, 330 + row * 36), (200 + rng.uniform(280, 480), 330 + row * 36)],
            note,
            6,
            0.5,
        )
    c.kapok(850, 230, 70, 0.3, "#e8a79b", "#e0533f")
    for x in (1110, 1350):
        c.rect(x, 100, 200, 330, PAPER, radius=6)
        c.rect(x + 12, 112, 176, 306, "#20405e")
        c.glow(x + 100, 330, 130, "#f0a35a", 0.6)
        for _ in range(9):
            c.rect(x + rng.uniform(16, 170), rng.uniform(290, 400), 9, 12, GOLD_2, 0.9)
        c.rect(x + 96, 112, 8, 306, PAPER)
        c.rect(x + 12, 250, 176, 8, PAPER)
    for x in (330, 800, 1270):
        c.glow(x, 20, 330, "#fff4cf", 0.75)
        c.rect(x - 110, 0, 220, 14, PAPER, radius=6)
    person(c, rng, 1050, 690, 400, {"arms": ((-78, -120), (24, -40))}, RED_7, INK)
    c.line([(920, 400), (830, 330)], WOOD, 6)
    shirts = [RED_7, BLUE_7, GREEN_7, GOLD_6, "#7a5a86", CORAL, BLUE_5]
    for row, (y, size, count) in enumerate(((690, 74, 7), (830, 100, 6))):
        for i in range(count):
            x = (i + 0.5) * 1600 / count + rng.uniform(-30, 30) + row * 30
            c.back(x, y, size, rng.choice(shirts), rng.choice(HAIRS))
        c.rect(-20, y + size * 0.9, 1640, 26, mix(WOOD, PAPER, 0.25 - row * 0.2))


def stage(c: Canvas, rng):
    """A gala night: dancers in red under the lights, the hall before them."""
    c.gradient("#2a0710", "#6a0d1a", "#8f0d17", bottom=700)
    for fold in range(30):
        shade = RED_9 if fold % 2 else RED_8
        c.poly(
            [
                (fold * 56, 0),
                (fold * 56 + 46, 0),
                (fold * 56 + 34, 640),
                (fold * 56 + 8, 640),
            ],
            shade,
            0.55,
        )
    c.disc(800, 330, 255, mix(GOLD_6, RED_8, 0.35), alpha=0.5)
    c.disc(800, 330, 228, RED_7)
    c.kapok(800, 330, 205, -math.pi / 2, "#d9362b", RED_9)
    for x, to in ((160, 520), (480, 700), (1120, 900), (1440, 1080)):
        c.beam(
            [(x - 12, 0), (x + 12, 0), (to + 130, 700), (to - 130, 700)],
            "#ffe9b5",
            0.34,
        )
        c.rect(x - 26, 0, 52, 26, INK, radius=6)
    c.poly(
        [(0, 900), (0, 680), (180, 620), (1420, 620), (1600, 680), (1600, 900)],
        "#7a3a22",
    )
    c.poly([(180, 620), (1420, 620), (1600, 680), (0, 680)], "#a8552f")
    c.glow(800, 680, 620, "#ffcf8a", 0.5)
    poses = [
        {"arms": ((-120, -165), (70, 110)), "legs": ((-24, -6), (10, 4)), "lean": -6},
        {"arms": ((-80, -120), (130, 168)), "legs": ((-8, -3), (32, 4)), "lean": 6},
        {"arms": ((-140, -172), (140, 172)), "legs": ((-12, -4), (12, 4))},
    ]
    places = [
        (330, 690),
        (490, 716),
        (650, 735),
        (800, 750),
        (950, 735),
        (1110, 716),
        (1270, 690),
    ]
    for i, (x, y) in enumerate(places):
        pose = poses[2] if i == 3 else poses[i % 2]
        hand = person(
            c,
            rng,
            x,
            y,
            300,
            pose,
            RED_6 if i % 2 else GOLD_5,
            RED_7 if i % 2 else "#e07a2b",
            skirt=True,
        )
        c.poly(
            smooth(
                [
                    hand,
                    (hand[0] + 40, hand[1] - 46),
                    (hand[0] + 96, hand[1] - 8),
                    (hand[0] + 60, hand[1] + 30),
                ]
            ),
            GOLD_2,
            0.75,
        )
    for side in (0, 1):
        for fold in range(4):
            x = fold * 42 if not side else 1600 - fold * 42 - 42
            c.rect(x, 0, 44, 720 - fold * 36, mix(RED_7, RED_9, (fold % 2) * 0.6))
    audience(c, rng, 800, 54, ["#2a1520", "#3a1a22", "#241422"], 2)


def reading(c: Canvas, rng):
    """A workers' reading room."""
    c.gradient("#f5ead6", "#ecdcbf")
    colors = [
        RED_7,
        RED_8,
        BLUE_7,
        GREEN_7,
        GOLD_6,
        "#7a5a86",
        CORAL,
        BLUE_5,
        STONE,
        GREEN_5,
        BLUE_9,
    ]
    for bay in range(4):
        x = 20 + bay * 400
        if bay == 2:
            continue
        c.rect(x, 40, 360, 560, WOOD_2, radius=6)
        for shelf in range(5):
            y = 58 + shelf * 108
            c.rect(x + 14, y, 332, 92, mix(WOOD_2, INK, 0.35))
            at = x + 18
            while at < x + 326:
                width, height = rng.uniform(11, 24), rng.uniform(58, 88)
                color = rng.choice(colors)
                c.rect(at, y + 92 - height, width, height, color, radius=2)
                c.rect(
                    at + 2, y + 92 - height + 12, width - 4, 5, mix(color, CREAM, 0.7)
                )
                at += width + 2
    c.rect(836, 40, 328, 560, PAPER, radius=160)
    c.rect(852, 56, 296, 544, "#bfe0e6", radius=148)
    c.glow(1000, 250, 260, "#fff8dc", 0.9)
    c.blob(
        [
            (852, 600),
            (852, 470),
            (930, 420),
            (1010, 460),
            (1090, 400),
            (1148, 450),
            (1148, 600),
        ],
        GREEN_5,
    )
    c.branch(rng, [(1148, 120), (1060, 180), (960, 190)], 12, 5, 34)
    c.rect(994, 56, 10, 544, PAPER)
    c.rect(852, 320, 296, 10, PAPER)
    c.gradient("#d0a873", "#a87b4c", top=600)
    c.beam([(870, 600), (1130, 600), (1330, 900), (640, 900)], "#fff3cf", 0.45)
    for x, shirt, hair_long in ((330, RED_7, 0), (620, BLUE_7, 1), (1260, GREEN_7, 0)):
        skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
        if hair_long:
            c.blob(
                [
                    (x - 66, 560),
                    (x - 60, 460),
                    (x, 420),
                    (x + 60, 460),
                    (x + 66, 560),
                    (x, 590),
                ],
                hair,
            )
        c.blob(
            [
                (x - 130, 760),
                (x - 105, 610),
                (x - 40, 572),
                (x + 40, 572),
                (x + 105, 610),
                (x + 130, 760),
            ],
            shirt,
        )
        c.rect(x - 20, 540, 40, 46, skin, radius=12)
        c.disc(x, 496, 54, hair, 60)
        c.disc(x, 510, 45, skin, 50)
        c.ring(x, 494, 47, hair, 24, start=190, end=350)
        c.line([(x - 96, 640), (x - 84, 742), (x - 22, 726)], mix(shirt, INK, 0.2), 38)
        c.line([(x + 96, 640), (x + 84, 742), (x + 22, 726)], mix(shirt, INK, 0.2), 38)
        cover = rng.choice([GOLD_5, CORAL, BLUE_5])
        c.poly(
            [
                (x - 108, 738),
                (x, 762),
                (x + 108, 738),
                (x + 96, 656),
                (x, 680),
                (x - 96, 656),
            ],
            cover,
        )
        c.poly([(x - 100, 730), (x, 752), (x, 680), (x - 92, 660)], PAPER)
        c.poly([(x + 100, 730), (x, 752), (x, 680), (x + 92, 660)], PAPER_2)
    c.rect(-20, 744, 1640, 40, WOOD, radius=6)
    c.rect(-20, 784, 1640, 120, WOOD_2)
    for x in (900, 1010, 1480, 90):
        for i in range(rng.randint(2, 4)):
            c.rect(
                x - 60 + rng.uniform(-8, 8),
                722 - i * 24,
                124,
                22,
                rng.choice(colors),
                radius=3,
            )


def sport(c: Canvas, rng):
    """The ball games: a leap at the volleyball net."""
    c.gradient("#17324d", "#2a5a7c", "#3c7896", bottom=430)
    for row in range(4):
        y = 150 + row * 62
        c.rect(0, y + 36, 1600, 30, mix(BLUE_9, BLUE_7, row / 4))
        x = -20.0
        while x < 1620:
            color = rng.choice([RED_6, GOLD_5, PAPER, BLUE_3, CORAL, GREEN_3])
            c.disc(x, y, 17, rng.choice(SKINS), 20)
            c.blob(
                [
                    (x - 26, y + 44),
                    (x - 18, y + 18),
                    (x + 18, y + 18),
                    (x + 26, y + 44),
                ],
                color,
            )
            x += rng.uniform(50, 66)
    for x in (260, 800, 1340):
        c.glow(x, 20, 320, "#eaf6ff", 0.55)
    c.gradient("#e0913f", "#c9702c", top=430)
    c.poly([(260, 470), (1340, 470), (1640, 900), (-40, 900)], "#2f7d5b")
    for line in (
        ((260, 470), (1340, 470)),
        ((260, 470), (-40, 900)),
        ((1340, 470), (1640, 900)),
        ((800, 470), (800, 900)),
        ((140, 640), (1460, 640)),
    ):
        c.line(list(line), PAPER, 8)
    c.line([(800, 360), (800, 800)], PAPER_2, 16)
    for i in range(9):
        c.line([(200, 250 + i * 22), (1400, 250 + i * 22)], PAPER, 2, 0.65)
    for i in range(44):
        c.line([(200 + i * 27.9, 250), (200 + i * 27.9, 426)], PAPER, 2, 0.55)
    c.rect(200, 238, 1200, 16, PAPER)
    for x in (196, 1396):
        c.rect(x, 230, 14, 430, SLATE, radius=5)
    person(
        c,
        rng,
        540,
        640,
        420,
        {"arms": ((-60, -110), (148, 170)), "legs": ((-28, -70), (24, -36)), "lean": 8},
        RED_6,
        PAPER,
    )
    person(
        c,
        rng,
        980,
        600,
        390,
        {
            "arms": ((-156, -174), (160, 176)),
            "legs": ((-12, -24), (16, -10)),
            "lean": -4,
        },
        BLUE_5,
        BLUE_9,
    )
    person(
        c,
        rng,
        1240,
        800,
        410,
        {
            "arms": ((-50, 40), (30, 76)),
            "legs": ((-42, 14), (40, -10)),
            "drop": 0.05,
            "lean": -8,
        },
        BLUE_5,
        BLUE_9,
    )
    person(
        c,
        rng,
        250,
        820,
        420,
        {
            "arms": ((-30, -60), (60, 120)),
            "legs": ((-34, 8), (40, -8)),
            "drop": 0.04,
            "lean": 8,
        },
        RED_6,
        PAPER,
    )
    c.glow(752, 160, 130, "#fff6d4", 0.8)
    c.disc(752, 160, 44, GOLD_5)
    c.ring(752, 160, 44, BLUE_7, 9, start=200, end=330)
    c.ring(740, 190, 44, PAPER, 6, start=220, end=320)


def award(c: Canvas, rng):
    """Craftsmen with sash, medal and flowers before the red ground."""
    c.gradient(RED_9, RED_8, RED_7, bottom=700)
    for i in range(28):
        angle = math.pi + i * math.pi / 27
        far = (800 + 1400 * math.cos(angle), 640 + 1400 * math.sin(angle))
        near = (
            800 + 1400 * math.cos(angle + 0.055),
            640 + 1400 * math.sin(angle + 0.055),
        )
        c.poly([(800, 640), far, near], "#ffcf6b", 0.1)
    c.glow(800, 420, 620, "#f3a13c", 0.45)
    c.ring(800, 330, 236, GOLD_6, 7)
    c.ring(800, 330, 216, GOLD_2, 2, alpha=0.8)
    for i in range(22):  # a wreath of grain
        for side in (-1, 1):
            angle = math.pi / 2 + side * (0.25 + i * 0.118)
            x, y = 800 + 262 * math.cos(angle), 330 + 262 * math.sin(angle)
            c.disc(x, y, 17, GOLD_5 if i % 2 else GOLD_6, 9)
    c.poly([(0, 900), (0, 700), (1600, 700), (1600, 900)], "#6e1418")
    c.poly([(240, 700), (1360, 700), (1480, 770), (120, 770)], "#a32a22")
    c.rect(120, 770, 1360, 34, GOLD_6)
    c.rect(120, 776, 1360, 6, GOLD_2)
    coats = [BLUE_7, SLATE, BLUE_9, "#35506b", GREEN_9]
    for i, x in enumerate((380, 590, 800, 1010, 1220)):
        y, height = 752, 400 + (34 if i == 2 else 0)
        person(c, rng, x, y, height, HOLD, coats[i], mix(coats[i], INK, 0.35))
        unit = height
        c.line(
            [(x - 0.1 * unit, y - 0.76 * unit), (x + 0.075 * unit, y - 0.48 * unit)],
            RED_6,
            0.05 * unit,
        )
        c.line(
            [(x - 0.1 * unit, y - 0.76 * unit), (x + 0.075 * unit, y - 0.48 * unit)],
            GOLD_5,
            0.006 * unit,
        )
        c.disc(x + 0.055 * unit, y - 0.7 * unit, 0.035 * unit, GOLD_5)
        c.kapok(x + 0.055 * unit, y - 0.7 * unit, 0.026 * unit, 0, GOLD_2, RED_7)
        for dx in (-26, 0, 26):
            for dy in (-16, 8):
                c.disc(
                    x + dx + rng.uniform(-6, 6),
                    y - 0.6 * unit + dy,
                    17,
                    rng.choice([CORAL, GOLD_2, ROSE, PAPER]),
                )
        c.poly(
            [
                (x - 30, y - 0.58 * unit),
                (x + 30, y - 0.58 * unit),
                (x, y - 0.42 * unit),
            ],
            GREEN_5,
        )
    for _ in range(150):
        x, y = rng.uniform(0, 1600), rng.uniform(0, 720)
        c.rect(
            x,
            y,
            rng.uniform(5, 12),
            rng.uniform(4, 9),
            rng.choice([GOLD_2, GOLD_5, ROSE, PAPER]),
            rng.uniform(0.5, 0.95),
        )
    audience(c, rng, 838, 50, ["#33090e", "#450d14"], 1)


HALLS = {
    "classroom": classroom,
    "stage": stage,
    "reading": reading,
    "sport": sport,
    "award": award,
}
