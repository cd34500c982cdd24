"""Scenes of working days, for articles: 1600 × 900 design units. Each (canvas, rng)."""

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
    SKINS,
    SLATE,
    STONE,
    WOOD,
    WOOD_2,
    mix,
    smooth,
)
from unionportal.demo.pictures.people import OPEN, WAVE, audience, person


def lecture(c, rng):
    """A worker speaks from the lectern before the red curtain."""
    c.gradient(RED_7, RED_8, bottom=660)
    for fold in range(34):
        c.rect(fold * 48, 0, 26, 640, RED_9, 0.32)
    c.rect(0, 0, 1600, 64, RED_9)
    for i in range(21):
        c.blob([(i * 80 - 6, 60), (i * 80 + 40, 112), (i * 80 + 86, 60)], GOLD_6)
    c.glow(800, 360, 480, "#ffcf8a", 0.55)
    c.kapok(420, 300, 86, 0.2, "#d9362b", RED_9)
    c.kapok(1180, 300, 86, 1.1, "#d9362b", RED_9)
    c.gradient("#a8552f", "#7a3a22", top=640)
    person(c, rng, 800, 720, 480, {"arms": ((-44, -150), (50, 20))}, BLUE_7, BLUE_9)
    c.poly([(690, 480), (910, 480), (890, 740), (710, 740)], WOOD_2)
    c.poly([(676, 470), (924, 470), (914, 500), (686, 500)], WOOD)
    c.kapok(800, 600, 50, 0.3)
    c.line([(760, 470), (776, 410)], INK, 6)
    c.disc(778, 404, 10, INK)
    for x in (250, 1350):
        c.rect(x - 50, 630, 100, 80, BLUE_9, radius=10)
        for _ in range(18):
            c.disc(
                x + rng.uniform(-72, 72),
                560 + rng.uniform(-56, 60),
                26,
                rng.choice([GREEN_5, GREEN_7]),
            )
        for _ in range(7):
            c.kapok(
                x + rng.uniform(-60, 60),
                550 + rng.uniform(-50, 50),
                26,
                rng.uniform(0, 6),
            )
    audience(c, rng, 756, 62, [BLUE_7, SLATE, GREEN_7, "#d9772b"], 2)


def meeting(c, rng):
    """Around the long table: one stands and speaks."""
    c.gradient("#efe3cd", "#e2d0b0", bottom=560)
    c.gradient("#8f4a3a", "#6d3328", top=560)
    for x in (140, 1100):
        c.rect(x, 80, 360, 330, PAPER, radius=8)
        c.rect(x + 14, 94, 332, 302, BLUE_3)
        c.blob(
            [
                (x + 14, 396),
                (x + 14, 300),
                (x + 130, 230),
                (x + 240, 290),
                (x + 346, 240),
                (x + 346, 396),
            ],
            GREEN_5,
        )
        c.rect(x + 172, 94, 14, 302, PAPER)
    c.rect(560, 100, 480, 250, RED_7, radius=8)
    c.kapok(800, 225, 92, -0.3, CORAL, RED_9)
    c.glow(800, 120, 520, "#fff6d8", 0.45)
    coats = [BLUE_7, SLATE, RED_7, GREEN_7, "#7a5a86", BLUE_9, GOLD_6]
    for i in range(7):
        x = 260 + i * 180
        if i == 4:
            person(c, rng, x, 800, 520, {"arms": ((-58, -126), (40, 96))}, CORAL, SLATE)
            continue
        skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
        c.blob(
            [(x - 84, 700), (x - 68, 548), (x, 510), (x + 68, 548), (x + 84, 700)],
            coats[i],
        )
        c.disc(x, 448, 47, hair, 52)
        c.disc(x + (6 if i < 4 else -6), 460, 39, skin, 44)
        c.ring(x, 446, 40, hair, 19, start=185, end=355)
    c.poly([(120, 640), (1480, 640), (1600, 830), (0, 830)], WOOD)
    c.poly([(0, 830), (1600, 830), (1600, 900), (0, 900)], WOOD_2)
    for i in range(8):
        x = 220 + i * 166
        c.poly([(x - 50, 700), (x + 34, 700), (x + 44, 752), (x - 60, 752)], PAPER)
        for row in range(3):
            c.line([(x - 40, 712 + row * 12), (x + 22, 712 + row * 12)], STONE, 3)
        c.disc(x + 76, 700, 18, PAPER, 7)
        c.rect(x + 58, 700, 36, 32, PAPER, radius=9)
        c.rect(x + 58, 710, 36, 6, BLUE_7)
    for x in (640, 1000):
        for _ in range(12):
            c.disc(
                x + rng.uniform(-50, 50),
                660 + rng.uniform(-30, 12),
                18,
                rng.choice([GREEN_5, GREEN_7, CORAL, GOLD_2]),
            )


def truck(c, rng):
    """The troupe's lorry on the valley road."""
    c.gradient("#f3c58a", "#f9e2b4", "#fdf3dc", bottom=560)
    c.glow(320, 260, 340, "#fffbe8", 0.9)
    c.disc(320, 260, 66, "#fff3cf")
    for base, height, color in (
        (460, 250, "#b8a6a0"),
        (540, 220, "#94907e"),
        (620, 150, "#6d8a6a"),
    ):
        c.ridge(rng, base, height, color, 4)
    c.gradient("#7fa06a", "#54804f", top=620)
    c.poly(
        [
            *smooth([(-40, 900), (200, 780), (760, 742), (1240, 700), (1640, 640)]),
            *smooth([(1640, 720), (1280, 800), (860, 880), (700, 960)]),
        ],
        "#6b6a70",
    )
    c.line(
        smooth([(60, 900), (420, 812), (860, 792), (1280, 744), (1640, 676)]),
        GOLD_2,
        6,
        0.8,
    )
    c.disc(800, 786, 420, INK, 24, 0.22)
    c.rect(420, 400, 560, 330, RED_7, radius=14)
    c.rect(420, 400, 560, 36, RED_9, radius=14)
    c.rect(450, 460, 500, 200, "#3a0d12", radius=8)
    for fold in range(9):
        c.rect(456 + fold * 56, 462, 28, 196, RED_8, 0.8)
    c.glow(700, 560, 170, "#ffcf8a", 0.75)
    person(c, rng, 620, 662, 170, OPEN, GOLD_5, "#d9772b", skirt=True)
    person(c, rng, 780, 662, 170, WAVE, PAPER, BLUE_9)
    c.kapok(500, 560, 46, 0.4)
    c.kapok(906, 560, 46, 1.4)
    c.blob(
        [(990, 470), (1130, 470), (1200, 590), (1236, 612), (1240, 726), (990, 726)],
        PAPER,
    )
    c.poly([(1010, 490), (1116, 490), (1172, 590), (1010, 590)], BLUE_5)
    c.poly([(1016, 496), (1060, 496), (1030, 584), (1016, 584)], BLUE_3)
    c.rect(990, 640, 250, 22, RED_7)
    c.disc(1222, 690, 17, GOLD_2)
    for x in (540, 660, 1120):
        c.disc(x, 740, 62, INK)
        c.disc(x, 740, 32, STONE)
        c.disc(x, 740, 12, SLATE)
    c.branch(rng, [(1660, 60), (1460, 150), (1290, 110)], 18, 7, 46)
    for _ in range(60):
        x, y = rng.uniform(0, 1600), rng.uniform(830, 895)
        c.line(
            [(x, y), (x + rng.uniform(-8, 8), y - rng.uniform(12, 26))], GREEN_9, 4, 0.5
        )


def bus(c, rng):
    """A city bus at the stop, kapok overhead."""
    c.gradient("#a9d4e6", "#dcecea", "#fbf1da", bottom=620)
    c.glow(1250, 200, 300, "#fffbe6", 0.9)
    for i in range(14):
        height = rng.uniform(130, 330)
        c.rect(
            i * 120 - 30,
            620 - height,
            104,
            height,
            rng.choice(["#cfd8d6", "#dcd3c4", "#c2d0d6", "#d8c8b8"]),
        )
        for row in range(int(height // 44)):
            for column in range(3):
                c.rect(
                    i * 120 - 16 + column * 30,
                    636 - height + row * 42,
                    16,
                    22,
                    PAPER,
                    0.85,
                )
    c.gradient("#8d8a8c", "#6b6a70", top=690)
    c.rect(0, 640, 1600, 56, "#cfc6b6")
    c.rect(0, 690, 1600, 10, PAPER_2)
    c.line([(0, 850), (1600, 850)], PAPER, 8, 0.7)
    c.disc(780, 800, 620, INK, 24, 0.22)
    c.rect(220, 330, 1080, 450, RED_7, radius=46)
    c.rect(220, 600, 1080, 60, PAPER)
    c.rect(220, 612, 1080, 12, GOLD_5)
    c.rect(220, 330, 1080, 46, RED_8, radius=23)
    for i in range(6):
        x = 270 + i * 152
        if i == 3:
            c.rect(x, 400, 128, 350, "#20303f", radius=12)
            c.rect(x + 6, 408, 54, 334, BLUE_5, radius=8)
            c.rect(x + 68, 408, 54, 334, BLUE_5, radius=8)
            continue
        c.rect(x, 400, 132, 170, "#20303f", radius=12)
        c.rect(x + 6, 406, 120, 158, BLUE_3, radius=8)
        if rng.random() < 0.8:
            c.back(
                x + 66,
                520,
                44,
                rng.choice([GREEN_7, GOLD_6, BLUE_7, CORAL]),
                rng.choice(HAIRS),
            )
            c.disc(x + 66, 522, 15, rng.choice(SKINS), 18)
    c.poly([(1190, 400), (1270, 400), (1296, 560), (1190, 560)], BLUE_3)
    person(c, rng, 1390, 800, 400, WAVE, BLUE_9, INK)
    c.kapok(760, 690, 46, 0.2, GOLD_2, RED_9)
    c.disc(1270, 700, 24, GOLD_2)
    for x in (420, 1090):
        c.disc(x, 780, 74, INK)
        c.disc(x, 780, 40, STONE)
        c.disc(x, 780, 14, SLATE)
    c.line([(110, 800), (110, 330)], SLATE, 16)
    c.disc(110, 300, 60, BLUE_7)
    c.rect(74, 284, 72, 34, PAPER, radius=8)
    c.branch(rng, [(-40, 60), (220, 150), (520, 80), (700, 120)], 22, 11, 50)


def health(c, rng):
    """A medical volunteer takes a farmer's blood pressure."""
    c.gradient("#dcebe0", "#eef3e2", "#fbf3dc", bottom=600)
    c.ridge(rng, 560, 180, "#a9c7a0", 5)
    c.ridge(rng, 620, 110, "#7fae83", 6)
    c.gradient("#9ab878", "#6f9760", top=620)
    for x in (140, 300, 1300, 1470):
        c.line([(x, 640), (x, 420)], WOOD_2, 20)
        for _ in range(16):
            c.disc(
                x + rng.uniform(-90, 90),
                380 + rng.uniform(-80, 90),
                44,
                rng.choice([GREEN_5, GREEN_7]),
            )
        for _ in range(8):
            c.disc(x + rng.uniform(-80, 80), 400 + rng.uniform(-60, 90), 14, GOLD_5, 18)
    c.poly([(420, 300), (800, 170), (1180, 300)], RED_7)
    c.poly([(420, 300), (610, 300), (800, 170)], RED_6)
    c.poly([(800, 170), (990, 300), (1180, 300)], RED_8)
    for x in (440, 1160):
        c.line([(x, 300), (x, 760)], PAPER_2, 14)
    c.rect(770, 212, 60, 60, PAPER, radius=8)
    c.rect(794, 222, 12, 40, GREEN_7)
    c.rect(780, 236, 40, 12, GREEN_7)

    def seated(x, coat, arm_to, cap):
        skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
        c.blob(
            [
                (x - 120, 780),
                (x - 100, 570),
                (x - 36, 532),
                (x + 36, 532),
                (x + 100, 570),
                (x + 120, 780),
            ],
            coat,
        )
        c.rect(x - 20, 500, 40, 48, skin, radius=12)
        c.disc(x, 448, 58, hair, 62)
        c.disc(x, 464, 48, skin, 54)
        c.ring(x, 446, 50, hair, 24, start=185, end=355)
        if cap == "nurse":
            c.poly([(x - 52, 408), (x - 42, 372), (x + 42, 372), (x + 52, 408)], PAPER)
            c.rect(x - 5, 378, 10, 24, GREEN_7)
            c.rect(x - 12, 385, 24, 10, GREEN_7)
        else:
            c.disc(x, 404, 96, "#d9b878", 20)
            c.disc(x, 388, 50, "#d9b878", 34)
        c.line(
            [(x + (80 if arm_to > x else -80), 620), (arm_to, 700)],
            mix(coat, INK, 0.12),
            46,
        )
        c.disc(arm_to, 700, 24, skin)

    seated(620, PAPER, 770, "nurse")
    seated(1000, BLUE_5, 830, "straw")
    c.rect(930, 630, 60, 62, RED_7, radius=10)
    c.rect(360, 724, 880, 40, WOOD, radius=8)
    c.rect(380, 764, 840, 136, WOOD_2)
    c.rect(690, 640, 150, 88, SLATE, radius=10)
    c.rect(704, 652, 122, 46, "#cfe8d6", radius=4)
    c.line(
        [(712, 676), (740, 676), (752, 658), (766, 692), (780, 676), (818, 676)],
        GREEN_7,
        5,
    )
    c.line(smooth([(836, 700), (880, 716), (936, 690)]), INK, 7)
    c.rect(460, 690, 90, 36, PAPER, radius=6)
    c.rect(496, 694, 18, 28, GREEN_7)


def mango(c, rng):
    """Mangoes on the branch, the terraces far below."""
    c.gradient("#9fcfe0", "#dceee6", "#fdf1d2", bottom=560)
    c.glow(1180, 220, 330, "#fffbe2", 0.95)
    for base, height, color in (
        (470, 220, "#a3bfc6"),
        (560, 200, "#7fa79c"),
        (640, 140, "#5f9473"),
    ):
        c.ridge(rng, base, height, color, 5)
    c.gradient("#6ea05f", "#3f7a4e", top=640)
    for row in range(5):
        y = 690 + row * 46
        for i in range(16):
            x = i * 110 + (row % 2) * 55 + rng.uniform(-14, 14)
            c.disc(
                x,
                y,
                34 + row * 5,
                rng.choice([GREEN_5, GREEN_7, "#3f7a4e"]),
                26 + row * 4,
            )
            if rng.random() < 0.6:
                c.disc(x + rng.uniform(-20, 20), y + 4, 8, GOLD_5, 10)
    c.rect(1060, 560, 300, 130, PAPER)
    c.poly([(1030, 566), (1210, 480), (1390, 566)], RED_7)
    for i in range(3):
        c.rect(1090 + i * 92, 600, 54, 60, BLUE_5, radius=4)
    branch = smooth([(-60, 40), (300, 90), (640, 60), (980, 130)])
    c.line(branch, "#5a3a2c", 30)
    for _ in range(80):
        x, y = rng.choice(branch)
        angle, length = rng.uniform(0.2, 2.9), rng.uniform(110, 210)
        tip = (x + length * math.cos(angle), y + length * math.sin(angle) * 0.8)
        mid = ((x + tip[0]) / 2, (y + tip[1]) / 2)
        nx, ny = -math.sin(angle) * 24, math.cos(angle) * 24
        leaf = rng.choice([GREEN_7, GREEN_5, GREEN_9, "#2f7d4b"])
        c.blob(
            [(x, y), (mid[0] + nx, mid[1] + ny), tip, (mid[0] - nx, mid[1] - ny)], leaf
        )
        c.line([(x, y), tip], mix(leaf, PAPER, 0.25), 3)
    for x, y in (
        (180, 330),
        (290, 400),
        (430, 340),
        (620, 380),
        (730, 300),
        (880, 360),
    ):
        y += rng.uniform(-20, 20)
        c.line([(x, y - 160), (x, y - 60)], GREEN_7, 6)
        c.blob(
            [
                (x - 6, y - 76),
                (x + 52, y - 40),
                (x + 58, y + 30),
                (x + 8, y + 84),
                (x - 46, y + 44),
                (x - 50, y - 30),
            ],
            "#f0a52b",
        )
        c.blob(
            [(x + 2, y - 70), (x + 46, y - 36), (x + 46, y + 10), (x + 10, y - 20)],
            CORAL,
            0.75,
        )
        c.disc(x - 20, y + 6, 12, GOLD_2, 22, 0.8)


def hydro(c, rng):
    """The dam in the gorge."""
    c.gradient("#8fbcd6", "#cfe3e6", "#f6efd9", bottom=520)
    c.glow(800, 200, 360, "#fffbe8", 0.85)
    c.ridge(rng, 400, 220, "#9db8c4", 4)
    c.blob(
        [(-100, 920), (-100, 120), (130, 170), (300, 330), (420, 520), (520, 920)],
        "#4d7763",
    )
    c.blob(
        [(1700, 920), (1700, 90), (1500, 150), (1330, 300), (1200, 520), (1080, 920)],
        "#3f6a58",
    )
    c.blob([(-100, 920), (-100, 330), (90, 400), (230, 560), (330, 920)], "#2f5a49")
    c.blob([(1700, 920), (1700, 300), (1540, 390), (1400, 560), (1300, 920)], "#2a5244")
    c.poly(
        [
            *smooth([(330, 372), (800, 340), (1270, 372)]),
            (1180, 720),
            *smooth([(1180, 720), (800, 760), (430, 720)]),
        ],
        "#d8d2c4",
    )
    c.poly(
        [
            *smooth([(330, 372), (800, 340), (1270, 372)]),
            *smooth([(1266, 400), (800, 370), (334, 400)]),
        ],
        "#b9b0a0",
    )
    for i in range(7):
        x = 470 + i * 110
        top = 400 - 22 * (1 - abs(i - 3) / 3)
        c.rect(x - 32, top - 44, 64, 34, STONE)
        c.rect(x - 26, top - 86, 52, 46, PAPER_2)
        c.rect(x - 30, top - 92, 60, 10, RED_7)
        if i in (2, 3, 4):
            for _drop in range(13):
                dx = rng.uniform(-24, 24)
                c.line(
                    [(x + dx, top + 16), (x + dx * 1.8, 748)],
                    PAPER,
                    rng.uniform(4, 11),
                    0.5,
                )
        else:
            c.rect(x - 24, top + 20, 48, 74, "#8d9aa0", radius=5)
    c.gradient("#3f86a6", "#2a6485", top=742)
    for x in (690, 800, 910):
        for _ in range(15):
            c.disc(
                x + rng.uniform(-76, 76),
                748 + rng.uniform(-26, 22),
                rng.uniform(16, 40),
                PAPER,
                alpha=0.4,
            )
    for _ in range(90):
        x, y = rng.uniform(0, 1600), rng.uniform(770, 895)
        c.line(
            [(x, y), (x + rng.uniform(20, 110), y)], "#d6ecf2", 3, rng.uniform(0.2, 0.6)
        )
    for x in (200, 1430):
        c.line([(x - 26, 340), (x, 110), (x + 26, 340)], SLATE, 6)
        for y, w in ((150, 60), (190, 76)):
            c.line([(x - w, y), (x + w, y)], SLATE, 6)
    for y in (150, 190):
        c.line(smooth([(200 + 60, y), (800, y + 70), (1430 - 60, y)]), SLATE, 2, 0.8)
    c.branch(rng, [(-40, 60), (140, 110), (330, 70)], 18, 6, 44)


DAILY = {
    "lecture": lecture,
    "meeting": meeting,
    "truck": truck,
    "bus": bus,
    "health": health,
    "mango": mango,
    "hydro": hydro,
}
