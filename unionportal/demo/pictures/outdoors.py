"""Scenes for articles under the sky: 1600 × 900 design units. Each (canvas, rng)."""

import math

from unionportal.demo.pictures.kit import (
    BLUE_5,
    BLUE_7,
    BLUE_9,
    CORAL,
    GOLD_2,
    GOLD_5,
    GOLD_6,
    GREEN_3,
    GREEN_5,
    GREEN_7,
    GREEN_9,
    INK,
    PAPER,
    PAPER_2,
    RED_6,
    RED_7,
    RED_8,
    RED_9,
    SLATE,
    STONE,
    WOOD,
    Canvas,
    mix,
    smooth,
)
from unionportal.demo.pictures.people import CARRY, HOLD, OPEN, WAVE, person


def steel(c: Canvas, rng):
    """Blast furnaces at dusk above the river."""
    c.gradient("#2b2047", "#7a2f52", "#d8563c", "#f6a34b", "#ffd98a", bottom=620)
    sun = rng.uniform(980, 1250)
    c.glow(sun, 520, 420, "#ffe9b0", 0.9)
    c.disc(sun, 520, 62, "#fff3cf")
    c.ridge(rng, 560, 190, "#6d3558", 5)
    c.ridge(rng, 620, 120, "#4b2747", 7)
    dark, mid = "#241a2e", "#35243c"
    for x in (150, 260, 370):
        top = rng.uniform(210, 300)
        c.poly([(x, 700), (x + 12, top), (x + 46, top), (x + 58, 700)], dark)
        for band in range(3):
            c.rect(x + 10, top + 20 + band * 46, 38, 13, RED_6, 0.75)
        for puff in range(11):
            c.disc(
                x + 30 + puff * 34 + rng.uniform(-14, 14),
                top - 12 - puff * 16 + rng.uniform(-10, 10),
                20 + puff * 6,
                "#f3c7a4",
                alpha=0.16,
            )
    for x in (520, 800):  # furnaces with their lifts
        c.poly(
            [
                (x, 720),
                (x + 30, 430),
                (x + 60, 330),
                (x + 130, 330),
                (x + 160, 430),
                (x + 190, 720),
            ],
            mid,
        )
        c.rect(x + 72, 240, 46, 100, dark)
        c.rect(x + 50, 228, 90, 18, dark)
        c.line([(x + 118, 250), (x + 250, 700)], dark, 12)
        c.line([(x + 66, 250), (x - 40, 330), (x - 50, 720)], dark, 16)
        for level in range(5):
            y = 390 + level * 62
            c.line([(x + 8, y), (x + 182, y)], "#51344f", 7, caps=False)
            for lamp in range(4):
                c.disc(x + 30 + lamp * 44, y - 8, 4, GOLD_2)
        c.glow(x + 95, 690, 150, "#ff7a1c", 0.95)
        c.disc(x + 95, 692, 26, "#ffe08a", 18)
    for x, width, height in ((1040, 300, 210), (1320, 340, 160)):
        c.rect(x, 720 - height, width, height, dark)
        for tooth in range(5):
            w = width / 5
            x0 = x + tooth * w
            c.poly(
                [
                    (x0, 720 - height),
                    (x0 + w, 720 - height - 38),
                    (x0 + w, 720 - height),
                ],
                mid,
            )
        for column in range(7):
            for row in range(2):
                if rng.random() < 0.75:
                    c.rect(
                        x + 18 + column * width / 7.4,
                        560 + row * 62 + (210 - height) * 0.6,
                        24,
                        32,
                        "#ffc860",
                        0.9,
                    )
    c.rect(0, 712, 1600, 26, "#1b1424")
    c.gradient("#3c2440", "#8c3f4c", "#2b1a33", top=736)
    for _ in range(70):
        x, y = rng.uniform(0, 1600), rng.uniform(745, 890)
        warm = rng.choice(["#ffb45c", "#ffd98a", "#e0653f"])
        c.line([(x, y), (x + rng.uniform(30, 150), y)], warm, 3, rng.uniform(0.12, 0.5))
    c.branch(rng, [(1660, -30), (1480, 90), (1330, 120), (1190, 80)], 17, 7, 46)


def valley(c: Canvas, rng):
    """The river, the terraces and kapok in blossom."""
    c.gradient("#8fc1dc", "#c9e3ea", "#fdf1d8", bottom=560)
    c.glow(rng.uniform(420, 620), 250, 330, "#fff6d4", 0.9)
    for base, height, color in (
        (470, 220, "#9bb9c6"),
        (540, 200, "#7fa6a8"),
        (610, 160, "#5c8f80"),
    ):
        c.ridge(rng, base, height, color, rng.choice([4, 5]))
    for layer in range(6):  # terraces on the near slope
        y = 610 + layer * 30
        tops = [
            (-50, y + 30),
            (260, y - 30 + layer * 8),
            (560, y + 8),
            (780, y + 70),
            (900, y + 190),
        ]
        shade = [GREEN_5, "#6fa96a", "#8fbf6b", "#5d9a62", "#7db36a", GREEN_7][layer]
        c.poly([*smooth_down(tops), (-60, 920)], shade)
    river = [
        (1600, 560),
        (1330, 590),
        (1120, 640),
        (1180, 720),
        (1040, 800),
        (760, 910),
    ]
    c.poly([*smooth(river), (1620, 910), (1620, 560)], "#3f86a6")
    c.poly(
        [*smooth([(x + 60, y + 14) for x, y in river]), (1640, 920), (1640, 600)],
        "#5ba0bb",
        0.8,
    )
    for _ in range(40):
        x, y = rng.uniform(1150, 1600), rng.uniform(610, 880)
        c.line([(x, y), (x + rng.uniform(20, 90), y)], "#e8f5f7", 3, 0.4)
    c.line([(1090, 570), (1620, 500)], "#e9e4da", 14)
    for i in range(6):
        x = 1130 + i * 86
        c.line([(x, 566 - i * 11), (x, 620)], "#d8d0c2", 9)
    c.line(smooth([(1110, 566), (1240, 470), (1370, 533)]), RED_7, 9)
    c.line(smooth([(1370, 533), (1490, 440), (1620, 500)]), RED_7, 9)
    for _ in range(16):
        x, y = rng.uniform(40, 620), rng.uniform(560, 660)
        c.disc(x, y, rng.uniform(9, 18), rng.choice([GREEN_7, GREEN_9]), 22)
    c.branch(
        rng, [(-40, 330), (180, 220), (420, 230), (700, 110), (900, 130)], 30, 15, 62
    )
    c.branch(rng, [(120, -40), (240, 90), (420, 120)], 20, 6, 50)


def smooth_down(points):
    return [*smooth(points), (points[-1][0], 920)]


def volunteer(c: Canvas, rng):
    """Volunteers in red waistcoats plant and clean beneath kapok trees."""
    c.gradient("#a9d4e6", "#e3f0e8", "#fdf3da", bottom=560)
    c.glow(300, 180, 300, "#fffbe6", 0.9)
    for i in range(13):  # the city behind
        x, height = i * 128 - 20, rng.uniform(90, 240)
        c.rect(
            x,
            520 - height,
            100,
            height + 60,
            rng.choice(["#cfd8d6", "#dcd9cf", "#c6d2d6"]),
        )
        for row in range(int(height // 34)):
            for column in range(3):
                c.rect(
                    x + 14 + column * 28, 534 - height + row * 34, 14, 16, PAPER, 0.85
                )
    c.ridge(rng, 540, 60, GREEN_3, 8)
    c.gradient(GREEN_5, "#79b06c", "#4f8a63", top=560)
    for x, y, size in ((150, 640, 1.0), (1430, 660, 1.15), (820, 600, 0.7)):
        c.line([(x, y), (x - 6, y - 250 * size)], "#5a3a2c", 30 * size)
        for dx, dy in ((-120, -330), (20, -390), (130, -320), (-40, -280)):
            c.line(
                [(x - 4, y - 210 * size), (x + dx * size, y + dy * size)],
                "#5a3a2c",
                13 * size,
            )
        for _ in range(16):
            c.kapok(
                x + rng.uniform(-170, 170) * size,
                y - rng.uniform(230, 430) * size,
                rng.uniform(22, 36) * size,
                rng.uniform(0, 6),
            )
    waist = [RED_6, RED_7]
    poses = [
        (350, CARRY),
        (560, {"arms": ((36, 16), (48, 20)), "lean": 26, "legs": ((-16, -8), (14, 2))}),
        (800, WAVE),
        (1030, HOLD),
        (
            1240,
            {
                "arms": ((-50, -20), (-36, -16)),
                "lean": -24,
                "legs": ((-10, 2), (20, 8)),
            },
        ),
    ]
    for i, (x, pose) in enumerate(poses):
        y = 770 + (i % 2) * 46
        c.disc(x, y + 6, 90, GREEN_9, 16, alpha=0.3)
        hand = person(
            c,
            rng,
            x,
            y,
            360,
            pose,
            waist[i % 2],
            rng.choice([SLATE, BLUE_9, "#3d3a44"]),
        )
        c.disc(
            x + 360 * 0.34 * math.sin(math.radians(pose.get("lean", 0))) * 0.7 - 24,
            y - 255 + (20 if pose.get("lean") else 0),
            9,
            GOLD_5,
        )
        if i == 1 or i == 4:
            sign = 1 if i == 1 else -1
            c.line([(hand[0], hand[1]), (x + sign * 150, y + 6)], WOOD, 9)
            c.blob(
                [
                    (x + sign * 130, y),
                    (x + sign * 185, y - 8),
                    (x + sign * 190, y + 26),
                    (x + sign * 130, y + 30),
                ],
                "#5b4636",
            )
        if i == 0:
            c.rect(hand[0] - 8, hand[1] - 70, 96, 82, "#c48a4e", radius=5)
            c.rect(hand[0] - 8, hand[1] - 40, 96, 12, RED_7)
        if i == 3:
            c.line([(x, y - 190), (x, y - 252)], GREEN_7, 7)
            for dx, dy in ((-26, -254), (26, -262), (0, -290)):
                c.disc(x + dx, y + dy, 26, GREEN_5, 20)
            c.poly(
                [
                    (x - 28, y - 190),
                    (x + 28, y - 190),
                    (x + 20, y - 146),
                    (x - 20, y - 146),
                ],
                "#a8552f",
            )
    for _ in range(90):
        x, y = rng.uniform(0, 1600), rng.uniform(820, 895)
        c.line(
            [(x, y), (x + rng.uniform(-8, 8), y - rng.uniform(14, 30))], GREEN_9, 4, 0.6
        )
    for _ in range(14):
        c.kapok(
            rng.uniform(0, 1600),
            rng.uniform(800, 890),
            rng.uniform(12, 20),
            rng.uniform(0, 6),
        )


def city(c: Canvas, rng):
    """The city on its slopes at night, lights in the river."""
    c.gradient("#0e1b36", "#1f3a63", "#53527f", "#b0647a", bottom=560)
    for _ in range(90):
        c.disc(
            rng.uniform(0, 1600),
            rng.uniform(0, 330),
            rng.uniform(1, 2.6),
            PAPER,
            alpha=rng.uniform(0.3, 0.9),
        )
    c.glow(1260, 150, 190, "#c9d3e6", 0.5)
    c.disc(1260, 150, 50, "#fdf3d6")
    c.ridge(rng, 520, 190, "#2b2f55", 4)
    c.ridge(rng, 580, 130, "#1d2444", 6)
    for row, base in enumerate((560, 612, 660)):
        x = -10.0
        while x < 1600:
            width, height = rng.uniform(46, 96), rng.uniform(70, 240 - row * 40)
            color = mix("#222a4c", "#0f1630", row / 3)
            c.rect(x, base - height, width, height + 80, color)
            for i in range(int(width // 17)):
                for j in range(int(height // 22)):
                    if rng.random() < 0.5:
                        c.rect(
                            x + 7 + i * 17,
                            base - height + 9 + j * 22,
                            8,
                            11,
                            rng.choice([GOLD_2, "#ffc46b", "#ffe9c0", "#ff9f6b"]),
                            0.95,
                        )
            x += width + rng.uniform(3, 16)
    c.gradient("#101a38", "#243760", "#0c1430", top=690)
    for _ in range(150):
        x, y = rng.uniform(0, 1600), rng.uniform(700, 890)
        length = rng.uniform(10, 60)
        c.line(
            [(x, y), (x + length, y)],
            rng.choice([GOLD_2, "#ff9f6b", CORAL]),
            3,
            rng.uniform(0.15, 0.6),
        )
    c.line([(-10, 664), (1610, 664)], PAPER_2, 13)
    for left in (140, 720, 1300):
        c.line(smooth([(left - 200, 664), (left, 470), (left + 200, 664)]), RED_6, 10)
        for i in range(9):
            x = left - 160 + i * 40
            top = 470 + 194 * (abs(x - left) / 200) ** 1.6
            c.line([(x, top), (x, 664)], RED_6, 3, 0.8)
            c.disc(x, top, 5, GOLD_2)
    c.branch(rng, [(-40, 40), (160, 110), (330, 90)], 18, 6, 46)


def worksite(c: Canvas, rng):
    """A troupe plays for builders beside their cranes."""
    c.gradient("#f2b56b", "#f8d79a", "#fdf0d2", bottom=600)
    c.glow(420, 330, 360, "#fff6d8", 0.9)
    c.ridge(rng, 560, 120, "#d99a63", 6)
    steel = "#7a4a2e"
    for x in (1130, 360):
        c.line([(x, 650), (x, 110)], GOLD_6, 20)
        for i in range(13):
            y = 130 + i * 40
            c.line([(x - 10, y), (x + 10, y + 40)], steel, 4)
        c.line([(x - 170, 122), (x + 330, 122)], GOLD_6, 16)
        c.line([(x, 60), (x - 160, 120)], steel, 5)
        c.line([(x, 60), (x + 300, 120)], steel, 5)
        c.line([(x, 122), (x, 56)], GOLD_6, 14)
        c.rect(x - 190, 118, 56, 54, SLATE)
        c.line([(x + 240, 122), (x + 240, 270)], steel, 4)
        c.rect(x + 200, 270, 80, 30, RED_7)
    for floor in range(6):
        y = 620 - floor * 76
        c.rect(700, y, 360, 14, STONE)
        for i in range(5):
            c.rect(706 + i * 84, y - 62, 14, 64, "#c4b9a8")
    c.gradient("#cfa06a", "#b07f4e", top=630)
    c.poly([(300, 690), (1300, 690), (1420, 770), (180, 770)], RED_7)
    c.rect(180, 770, 1240, 30, RED_9)
    person(c, rng, 520, 742, 330, {"arms": ((-60, -20), (52, 140))}, BLUE_5, BLUE_9)
    person(c, rng, 700, 748, 330, OPEN, RED_6, RED_8, skirt=True)
    person(
        c,
        rng,
        890,
        748,
        330,
        {"arms": ((-130, -168), (80, 116)), "lean": -5},
        GOLD_5,
        "#d9772b",
        skirt=True,
    )
    hand = person(
        c, rng, 1080, 742, 330, {"arms": ((-16, -6), (44, 158))}, PAPER, SLATE
    )
    c.disc(hand[0], hand[1] - 8, 11, INK)
    for i in range(15):
        x = -20 + i * 118 + rng.uniform(-14, 14)
        y = 836 + (i % 2) * 34
        c.back(x, y, 66, rng.choice([BLUE_7, "#d9772b", BLUE_9, SLATE]), INK)
        c.disc(x, y - 26, 40, rng.choice([GOLD_5, RED_6, PAPER, GOLD_5]), 34)
        c.rect(x - 46, y - 18, 92, 12, mix(GOLD_6, INK, 0.15), radius=6)


OUTDOORS = {
    "steel": steel,
    "valley": valley,
    "volunteer": volunteer,
    "city": city,
    "worksite": worksite,
}
