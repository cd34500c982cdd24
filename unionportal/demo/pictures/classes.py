"""Pictures of the training classes: one still life or figure each, 1600 × 900 units.

What matters stands in the middle 1200 units, so that a 4:3 crop keeps it.
"""

import math

from unionportal.demo.pictures.kit import (
    BLUE_3,
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
    ROSE,
    SKINS,
    SLATE,
    STONE,
    WOOD,
    WOOD_2,
    mix,
    smooth,
)
from unionportal.demo.pictures.people import person


def ground(c, rng, wall, floor, light="#fff8e4", horizon=620):
    c.gradient(mix(wall, PAPER, 0.35), wall, bottom=horizon)
    c.gradient(floor, mix(floor, INK, 0.22), top=horizon)
    c.glow(rng.uniform(560, 1040), 300, 520, light, 0.6)


def singing(c, rng):
    """声乐: a choir in two rows and a conductor."""
    ground(c, rng, "#7d1420", "#5a1016", "#f0a04b")
    for i in range(5):
        y = 110 + i * 26
        wave = [(x, y + 22 * math.sin(x / 170)) for x in range(-40, 1700, 60)]
        c.line(smooth(wave), GOLD_2, 3, 0.5)
    for i in range(9):
        x = 120 + i * 172 + rng.uniform(-24, 24)
        y = 140 + 22 * math.sin(x / 170) + rng.randint(0, 3) * 26
        c.disc(x, y, 19, GOLD_5, 14)
        c.line([(x + 17, y), (x + 17, y - 84)], GOLD_5, 6)
        c.line(
            smooth([(x + 17, y - 84), (x + 40, y - 62), (x + 38, y - 34)]), GOLD_5, 6
        )
    for row, (base, n) in enumerate(((650, 8), (740, 7))):
        c.rect(180, base - 10, 1240, 60, mix("#5a1016", INK, 0.2 + row * 0.2))
        for i in range(n):
            x = 800 + (i - (n - 1) / 2) * 150
            pose = {"arms": ((-20, 30), (20, -30))}
            person(
                c,
                rng,
                x,
                base,
                350,
                pose,
                PAPER if row else GOLD_2,
                INK if i % 2 else RED_9,
                skirt=i % 2 == 0,
            )
            c.poly(
                [
                    (x - 42, base - 205),
                    (x, base - 192),
                    (x + 42, base - 205),
                    (x + 42, base - 160),
                    (x, base - 148),
                    (x - 42, base - 160),
                ],
                RED_7,
            )
    c.back(800, 800, 92, INK, "#171717")
    c.line([(870, 850), (980, 720), (1030, 640)], INK, 30)
    c.line([(1030, 640), (1070, 540)], PAPER, 6)


def dance(c, rng):
    """舞蹈: three dancers with long sleeves."""
    ground(c, rng, "#e9b7a4", "#a8552f", "#fff0dc", 660)
    c.disc(800, 360, 300, "#f6d8c4", alpha=0.85)
    for x in range(-50, 1700, 130):
        c.line([(x, 660), (800 + (x - 800) * 1.8, 900)], "#8a4526", 3, 0.5, caps=False)
    for _ in range(26):
        c.disc(
            rng.uniform(0, 1600),
            rng.uniform(60, 860),
            rng.uniform(5, 11),
            RED_6,
            rng.uniform(3, 6),
            0.7,
        )
    # the ribbons first, flowing away over the floor and the wall: none crosses a face
    for start, way, color, width in (
        ((1052, 382), 1, mix(RED_7, PAPER, 0.35), 26),
        ((658, 268), -1, mix(RED_7, PAPER, 0.35), 26),
        ((240, 424), -1, mix(CORAL, PAPER, 0.35), 20),
        ((1364, 424), 1, mix(GOLD_5, PAPER, 0.35), 20),
    ):
        x, y = start
        bends = ((0, 0), (60, -130), (150, -210), (250, -150), (340, -200))
        c.line(smooth([(x + way * dx, y + dy) for dx, dy in bends]), color, width)
    for x, h, top, skirt, side in (
        (430, 450, CORAL, RED_6, -1),
        (1170, 450, GOLD_5, "#d9772b", 1),
        (800, 560, RED_7, RED_8, 1),
    ):
        base = 800 if h > 500 else 760
        pose = {
            "arms": ((-110 * 1, -150), (75, 100))
            if side > 0
            else ((-75, -100), (110, 150)),
            "legs": ((-20, -6), (14, 4)),
            "lean": 8 * side,
        }
        person(c, rng, x, base, h, pose, top, skirt, skirt=True)


def tea(c, rng):
    """茶艺: pot, cups and steam."""
    ground(c, rng, "#d9e2cf", "#8a5f38", "#fffdf0", 560)
    c.disc(800, 330, 250, "#f3f4e6", alpha=0.9)
    for i in range(5):
        x = 1180 + i * 46
        c.line([(x, 570), (x + rng.uniform(-20, 20), 60)], GREEN_5, 16)
        for j in range(5):
            y = 100 + j * 92 + rng.uniform(-20, 20)
            c.poly(
                [(x, y), (x + 100, y - 46), (x + 54, y + 6)],
                rng.choice([GREEN_7, GREEN_5]),
            )
    c.rect(180, 640, 1240, 46, "#6b4527", radius=12)
    c.rect(180, 640, 1240, 14, "#9a6b40", radius=7)
    clay, dark = "#8e3b26", "#6d2a1b"
    c.line(smooth([(610, 480), (500, 470), (490, 590), (620, 590)]), dark, 26)
    c.poly(
        [
            *smooth([(900, 540), (990, 500), (1030, 420)]),
            (1062, 420),
            *smooth([(1050, 470), (1010, 570), (900, 610)]),
        ],
        dark,
    )
    c.disc(760, 540, 168, clay, 112)
    c.disc(720, 500, 90, "#a9503a", 44, 0.5)
    c.disc(760, 438, 84, dark, 20)
    c.disc(760, 426, 78, clay, 22)
    c.disc(760, 396, 20, dark)
    c.rect(650, 632, 220, 16, dark, radius=6)
    for x in (300, 430, 1120, 1250):
        c.poly(
            [
                *smooth(
                    [
                        (x - 54, 580),
                        (x - 42, 632),
                        (x, 640),
                        (x + 42, 632),
                        (x + 54, 580),
                    ]
                )
            ],
            PAPER,
        )
        c.disc(x, 580, 54, PAPER_2, 15)
        c.disc(x, 582, 45, "#c9872f", 10)
        c.line([(x - 30, 612), (x + 30, 612)], BLUE_7, 4)
        for s in (-1, 1):
            c.line(
                smooth(
                    [
                        (x + s * 12, 560),
                        (x + s * 26, 520),
                        (x + s * 4, 480),
                        (x + s * 22, 430),
                    ]
                ),
                PAPER,
                6,
                0.6,
            )
    for i in range(3):
        x = 1046 + i * 16
        c.line(
            smooth([(x, 400), (x + 26, 340), (x - 14, 270), (x + 24, 190)]),
            PAPER,
            9,
            0.6,
        )
    for _ in range(24):
        x, y = rng.uniform(220, 1380), rng.uniform(700, 780)
        c.disc(x, y, 12, rng.choice([GREEN_7, GREEN_9]), 5)


def photo(c, rng):
    """摄影: a camera before the valley it takes."""
    c.gradient("#27496b", "#5f8fb0", "#f3c98f", bottom=640)
    c.glow(1050, 470, 360, "#ffe7b8", 0.9)
    c.ridge(rng, 620, 180, "#4d6f86", 4)
    c.ridge(rng, 690, 150, "#2d5260", 5)
    c.gradient("#1d3a3f", "#0f2328", top=690)
    c.rect(430, 350, 740, 440, "#2a2a2e", radius=46)
    c.rect(430, 420, 740, 250, "#3c3c42")
    c.poly([(650, 350), (690, 262), (910, 262), (950, 350)], "#2a2a2e")
    c.rect(480, 318, 110, 40, SLATE, radius=10)
    c.disc(1060, 344, 50, SLATE, 22)
    c.rect(1010, 300, 100, 40, RED_7, radius=12)
    for r, color in (
        (206, "#1b1b1e"),
        (180, SLATE),
        (164, "#141418"),
        (128, "#1f3b57"),
        (92, "#12243a"),
        (54, "#0a1422"),
    ):
        c.disc(800, 560, r, color)
    c.ring(800, 560, 150, GOLD_6, 5)
    c.disc(752, 508, 34, "#9cc7e6", 24, 0.75)
    c.disc(846, 610, 16, "#d6eaf5", 12, 0.6)
    c.kapok(800, 560, 44, 0.4)
    c.rect(486, 450, 90, 12, GOLD_5, radius=6)
    c.disc(1100, 470, 13, RED_6)
    c.branch(rng, [(-40, 120), (180, 170), (420, 110)], 20, 8, 50)


def yoga(c, rng):
    """瑜伽: the tree, at sunrise above the hills."""
    c.gradient("#f4c9a8", "#f9e3c6", "#fdf4e4", bottom=660)
    c.glow(800, 420, 460, "#fffbe8", 0.95)
    c.disc(800, 420, 210, "#f7b27a", alpha=0.75)
    c.ridge(rng, 620, 150, "#c9a7a0", 5)
    c.ridge(rng, 690, 110, "#9fae9b", 6)
    c.gradient("#7fa389", "#5b8469", top=700)
    for x, mat, shirt in ((430, "#7a5a86", "#4f86b0"), (1170, BLUE_5, GREEN_7)):
        c.disc(x, 792, 170, mat, 26)
        person(
            c,
            rng,
            x,
            790,
            430,
            {"arms": ((-160, 168), (160, -168)), "legs": ((-62, 58), (2, 0))},
            shirt,
            mix(shirt, INK, 0.4),
        )
    c.disc(800, 850, 220, RED_7, 32)
    person(
        c,
        rng,
        800,
        850,
        600,
        {"arms": ((-160, 170), (160, -170)), "legs": ((-2, 0), (62, -58))},
        CORAL,
        RED_9,
    )
    for _ in range(12):
        c.kapok(
            rng.uniform(0, 1600),
            rng.uniform(760, 890),
            rng.uniform(10, 18),
            rng.uniform(0, 6),
        )


def bake(c, rng):
    """烘焙: loaves and a cake on the bench."""
    ground(c, rng, "#f6dfb8", "#b98a56", "#fffaf0", 600)
    for i in range(12):
        for j in range(4):
            c.rect(
                20 + i * 134, 20 + j * 104, 124, 94, mix("#f6dfb8", PAPER, 0.5), 0.6, 8
            )
    c.rect(1060, 160, 330, 400, SLATE, radius=18)
    c.rect(1090, 230, 270, 260, "#2a1712", radius=12)
    c.glow(1225, 380, 170, "#ff9a3c", 0.95)
    for i in range(3):
        c.disc(1150 + i * 75, 420, 38, "#e0a053", 28)
    for i in range(3):
        c.disc(1130 + i * 95, 196, 14, GOLD_2)
    c.rect(0, 600, 1600, 34, mix(WOOD, PAPER, 0.25))
    c.disc(560, 650, 250, PAPER, 40)
    c.rect(380, 450, 360, 190, "#8a4526", radius=26)
    c.rect(380, 440, 360, 84, PAPER, radius=34)
    for i in range(7):
        x = 402 + i * 52
        c.rect(x, 480, 30, rng.uniform(56, 104), PAPER, radius=15)
    c.rect(380, 570, 360, 16, ROSE)
    for i in range(6):
        x = 420 + i * 56
        c.disc(x, 430, 25, RED_6, 27)
        c.disc(x - 8, 420, 6, ROSE)
        c.poly([(x, 406), (x + 16, 388), (x + 22, 404)], GREEN_5)
    for x, y, turn in ((900, 690, 1), (1120, 740, -1), (240, 730, 1)):
        c.disc(x, y, 140, "#c9823a", 62)
        c.disc(x, y - 12, 124, "#e0a053", 46)
        for i in range(4):
            s = x - 76 + i * 50
            c.line([(s, y + 14), (s + 26 * turn, y - 40)], "#f6dcae", 11)
    c.line([(1240, 690), (1500, 640)], WOOD, 34)
    for _ in range(160):
        c.disc(
            rng.uniform(100, 1500),
            rng.uniform(640, 880),
            rng.uniform(1.5, 4),
            PAPER,
            alpha=0.8,
        )


def calligraphy(c, rng):
    """书法: brush, stone and the character 工, for work."""
    ground(c, rng, "#e6d6bd", "#7b5233", "#fff8e8", 420)
    c.poly([(330, 300), (1210, 300), (1360, 860), (180, 860)], "#fdf8ea")
    for i in range(1, 4):
        t = i / 4
        c.line([(330 + 880 * t, 300), (180 + 1180 * t, 860)], ROSE, 3, 0.7)
        c.line(
            [(330 - 150 * t, 300 + 560 * t), (1210 + 150 * t, 300 + 560 * t)],
            ROSE,
            3,
            0.7,
        )
    ink = "#1a1716"

    def stroke(points, widths):
        curve = smooth(points, 24)
        for i, (x, y) in enumerate(curve):
            at = i / (len(curve) - 1) * (len(widths) - 1)
            low = min(int(at), len(widths) - 2)
            width = widths[low] + (widths[low + 1] - widths[low]) * (at - low)
            c.disc(x, y, width, ink, width * 0.86)

    stroke([(500, 420), (700, 408), (960, 398)], [26, 15, 14, 27])
    stroke([(735, 420), (728, 560), (722, 735)], [17, 20, 17])
    stroke([(400, 760), (700, 742), (1090, 736)], [28, 18, 17, 32])
    c.rect(1240, 640, 250, 170, "#2c2c30", radius=24)
    c.disc(1365, 720, 92, "#0f0f12", 52)
    c.disc(1340, 704, 26, "#3d3d44", 10)
    c.line([(1120, 560), (1470, 130)], "#8a5f38", 26)
    c.line([(1420, 190), (1470, 130)], RED_7, 26)
    c.blob([(1140, 560), (1108, 538), (1030, 690), (1048, 690)], ink)
    c.rect(300, 770, 76, 76, RED_7, radius=8)
    c.kapok(338, 808, 27, 0, PAPER, RED_8)


def painting(c, rng):
    """绘画: easel, palette and the view."""
    ground(c, rng, "#d5dfe2", "#9a6b40", "#ffffff", 640)
    c.rect(90, 80, 330, 420, PAPER, radius=8)
    c.rect(106, 96, 298, 388, BLUE_3)
    c.blob(
        [(106, 484), (106, 380), (210, 330), (300, 380), (404, 320), (404, 484)],
        GREEN_5,
    )
    c.rect(250, 96, 10, 388, PAPER)
    for x0, x1 in ((620, 500), (980, 1100), (800, 800)):
        c.line([(x0, 120), (x1, 860)], WOOD_2, 22)
    c.rect(520, 150, 560, 460, WOOD, radius=6)
    c.rect(540, 170, 520, 420, "#fdf6e6")
    c.rect(552, 182, 496, 396, "#cfe4ea")
    c.blob(
        [
            (552, 578),
            (552, 440),
            (680, 360),
            (820, 430),
            (930, 350),
            (1048, 410),
            (1048, 578),
        ],
        "#7fa6a8",
    )
    c.blob(
        [(552, 578), (552, 510), (700, 460), (900, 520), (1048, 470), (1048, 578)],
        GREEN_5,
    )
    c.disc(930, 260, 42, GOLD_2)
    c.line(smooth([(552, 300), (660, 330), (760, 280), (850, 310)]), "#4a2a22", 13)
    for x, y in ((620, 300), (690, 350), (760, 268), (830, 330), (580, 350)):
        c.kapok(x, y, 40, rng.uniform(0, 6))
    c.rect(480, 606, 640, 26, WOOD_2, radius=6)
    c.blob(
        [
            (1120, 700),
            (1180, 610),
            (1340, 600),
            (1440, 680),
            (1400, 800),
            (1260, 830),
            (1150, 790),
        ],
        "#c79a63",
    )
    c.disc(1200, 760, 26, mix("#9a6b40", INK, 0.1))
    for i, color in enumerate((RED_6, GOLD_5, GREEN_5, BLUE_5, PAPER, "#7a5a86")):
        angle = -2.4 + i * 0.62
        c.disc(1290 + 100 * math.cos(angle), 700 + 66 * math.sin(angle), 30, color, 23)
    for i, (x, color) in enumerate(
        ((270, RED_6), (315, BLUE_5), (360, GOLD_5), (230, GREEN_5))
    ):
        c.line([(x, 700), (x - 50 + i * 30, 500)], WOOD, 10)
        c.line([(x - 50 + i * 30, 500), (x - 56 + i * 33, 462)], color, 16)
    c.rect(200, 680, 200, 170, BLUE_7, radius=14)
    c.rect(200, 720, 200, 22, PAPER)


def guzheng(c, rng):
    """古筝: the instrument, and sound going out from it."""
    ground(c, rng, "#24454a", "#3f2517", "#7fb3a6", 520)
    c.disc(800, 300, 210, "#f1dfb4", alpha=0.9)
    c.branch(rng, [(1640, 120), (1360, 190), (1120, 150)], 18, 8, 50)
    for i in range(5):
        c.ring(
            800, 560, 320 + i * 110, GOLD_2, 4, 150 + i * 44, 180, 360, 0.4 - i * 0.06
        )
    c.poly([(130, 560), (1430, 470), (1500, 610), (180, 730)], "#4a2413")
    c.poly([(150, 566), (1420, 480), (1480, 596), (196, 704)], "#9a5a2c")
    c.poly([(150, 566), (300, 556), (346, 690), (196, 704)], "#6b3519")
    c.poly([(1280, 490), (1420, 480), (1480, 596), (1340, 608)], "#6b3519")
    for i in range(13):
        t = (i + 0.5) / 13
        c.line(
            [(300 + 46 * t, 556 + 134 * t), (1290 + 56 * t, 490 + 116 * t)], GOLD_2, 3
        )
        x = 430 + i * 62
        y0 = 547 - (x - 430) * 0.068
        c.poly(
            [
                (x, y0 + 134 * t + 12),
                (x + 13, y0 + 134 * t - 22),
                (x + 26, y0 + 134 * t + 12),
            ],
            PAPER,
        )
    for x in (260, 1390):
        c.line([(x, 690 if x < 800 else 600), (x - 40, 880)], "#2c160b", 26)
        c.line([(x, 690 if x < 800 else 600), (x + 40, 880)], "#2c160b", 26)
    for x, y in ((1150, 500), (900, 560)):
        c.line([(x + 90, y - 190), (x + 40, y - 60)], RED_7, 92)
        c.line([(x + 34, y - 56), (x + 10, y - 18)], SKINS[0], 54)
        for i in range(4):
            c.line([(x - 14 + i * 19, y - 22), (x - 34 + i * 21, y + 22)], SKINS[0], 16)
            c.disc(x - 34 + i * 21, y + 26, 7, PAPER)


def taichi(c, rng):
    """太极: morning practice in the park."""
    c.gradient("#c7dcd6", "#e6eee2", "#f7f2df", bottom=640)
    c.glow(1080, 260, 320, "#fffdf0", 0.95)
    c.disc(1080, 260, 74, "#f7c38a")
    c.ridge(rng, 560, 150, "#a5c0b6", 5)
    c.ridge(rng, 640, 90, "#86aa97", 7)
    roof = "#6d2a22"
    c.rect(220, 420, 16, 230, RED_8)
    c.rect(470, 420, 16, 230, RED_8)
    c.poly(
        [
            *smooth([(130, 430), (240, 380), (352, 270)]),
            *smooth([(352, 270), (466, 380), (576, 430)]),
        ],
        roof,
    )
    c.disc(352, 262, 14, GOLD_6)
    c.rect(200, 636, 306, 20, STONE)
    c.gradient("#9db68f", "#6f9270", top=640)
    c.disc(820, 830, 780, "#d8cfb8", 110, 0.8)
    for x, y, h, shirt in (
        (420, 790, 380, PAPER_2),
        (1180, 790, 380, PAPER_2),
        (800, 850, 520, PAPER),
    ):
        c.disc(x, y + 4, h * 0.3, INK, 15, 0.18)
        pose = {
            "arms": ((-84, -96), (70, 30)),
            "legs": ((-40, -4), (46, -4)),
            "drop": 0.055,
            "lean": -3,
        }
        person(c, rng, x, y, h, pose, shirt, shirt)
        c.line(
            [(x - 0.055 * h, y - 0.4 * h), (x + 0.055 * h, y - 0.4 * h)],
            RED_7,
            0.035 * h,
        )
    for _ in range(5):
        x = rng.uniform(1320, 1570)
        c.line([(x, 700), (x, 330)], GREEN_7, 12)
        for j in range(6):
            c.poly(
                [(x, 360 + j * 50), (x - 76, 340 + j * 50), (x - 30, 372 + j * 50)],
                GREEN_5,
            )


def flowers(c, rng):
    """插花: a vase of kapok and greens."""
    ground(c, rng, "#e9d9c6", "#9a6b40", "#fffaf0", 650)
    c.disc(800, 360, 320, "#f6ecdc")
    for i in range(15):
        angle = -math.pi / 2 + (i - 7) * 0.155
        end = (800 + 430 * math.cos(angle), 620 + 470 * math.sin(angle))
        c.line(
            smooth([(800, 640), (800 + 140 * math.cos(angle), 470), end]), GREEN_7, 8
        )
        if i % 2:
            for k in range(3):
                x, y = (
                    end[0] - 40 * k * math.cos(angle),
                    end[1] - 40 * k * math.sin(angle),
                )
                c.disc(x, y, 30, rng.choice([GREEN_5, GREEN_7, GREEN_3]), 15)
        else:
            c.kapok(*end, rng.uniform(54, 78), rng.uniform(0, 6))
    for _ in range(16):
        c.disc(
            rng.uniform(620, 980),
            rng.uniform(330, 560),
            15,
            rng.choice([GOLD_2, PAPER, ROSE]),
        )
    c.blob(
        [
            (700, 600),
            (740, 590),
            (860, 590),
            (900, 600),
            (930, 720),
            (860, 830),
            (740, 830),
            (670, 720),
        ],
        BLUE_7,
    )
    c.blob([(720, 640), (690, 720), (750, 806), (740, 720)], BLUE_5, 0.7)
    c.ring(800, 716, 96, PAPER, 6, 30, 0, 180)
    c.disc(800, 600, 100, BLUE_9, 18)
    for _ in range(9):
        c.disc(rng.uniform(380, 1220), rng.uniform(830, 880), 20, CORAL, 9)


CLASSES = {
    "singing": singing,
    "dance": dance,
    "tea": tea,
    "photo": photo,
    "yoga": yoga,
    "bake": bake,
    "calligraphy": calligraphy,
    "painting": painting,
    "guzheng": guzheng,
    "taichi": taichi,
    "flowers": flowers,
}
