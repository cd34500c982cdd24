"""Scenes of being looked after: 1600 × 900 design units. Each (canvas, rng)."""

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
    GREEN_5,
    GREEN_7,
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
    Canvas,
    mix,
    smooth,
)
from unionportal.demo.pictures.people import person


def _seated(c: Canvas, rng, x, y, coat, *, turn=0, helmet=None):
    """Somebody at a table, down to where the table hides them."""
    skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
    c.blob(
        [
            (x - 104, y + 250),
            (x - 88, y + 96),
            (x - 30, y + 60),
            (x + 30, y + 60),
            (x + 88, y + 96),
            (x + 104, y + 250),
        ],
        coat,
    )
    c.rect(x - 17, y + 34, 34, 40, skin, radius=10)
    c.disc(x, y - 8, 54, hair, 58)
    c.disc(x + turn, y + 6, 45, skin, 50)
    c.ring(x, y - 10, 46, hair, 22, start=185, end=355)
    if helmet:
        c.blob(
            [(x - 62, y - 22), (x - 50, y - 70), (x, y - 88), (x + 50, y - 70)]
            + [(x + 62, y - 22)],
            helmet,
        )
        c.rect(x - 70, y - 30, 140, 16, mix(helmet, INK, 0.2), radius=8)


def station(c: Canvas, rng):
    """职工驿站: riders and cleaners rest between two errands."""
    c.gradient("#fbe9c9", "#f4d9ae", bottom=640)
    c.gradient("#c98f5c", "#a56d40", top=640)
    c.rect(0, 0, 1600, 74, RED_7)
    for i in range(7):
        c.kapok(140 + i * 220, 37, 24, i, GOLD_2, RED_9)
    c.rect(560, 130, 470, 330, PAPER, radius=8)
    c.rect(576, 146, 438, 298, BLUE_3)
    hills = [(576, 350), (690, 300), (800, 352), (920, 296), (1014, 340)]
    c.poly([(576, 444), *smooth(hills), (1014, 444)], GREEN_5)
    c.kapok(940, 200, 60, 0.4)
    c.rect(788, 146, 14, 298, PAPER)
    # water, microwave, medicine chest
    c.rect(120, 300, 130, 390, PAPER, radius=12)
    c.rect(140, 170, 90, 140, BLUE_5, 0.65, radius=24)
    c.rect(146, 380, 78, 60, SLATE, radius=6)
    c.disc(170, 404, 9, RED_6)
    c.disc(200, 404, 9, BLUE_5)
    c.rect(290, 500, 240, 190, WOOD_2, radius=6)
    c.rect(306, 380, 200, 120, PAPER_2, radius=8)
    c.rect(320, 396, 124, 88, SLATE, radius=6)
    c.glow(382, 440, 60, GOLD_5, 0.7)
    for i in range(3):
        c.disc(476, 412 + i * 28, 9, STONE)
    c.rect(1110, 150, 190, 150, PAPER, radius=10)
    c.rect(1186, 178, 38, 94, GREEN_7)
    c.rect(1158, 206, 94, 38, GREEN_7)
    for shelf, colors in ((370, (RED_6, BLUE_7, GOLD_5)), (470, (GREEN_7, CORAL))):
        c.rect(1110, shelf, 380, 14, WOOD_2)
        for i in range(12):
            c.rect(1120 + i * 30, shelf - 66, 24, 66, rng.choice(colors), radius=3)
    for x in (420, 800, 1180):
        c.glow(x, 96, 300, "#fff4cf", 0.6)
    _seated(c, rng, 600, 500, GOLD_5, turn=6, helmet=GOLD_5)
    _seated(c, rng, 830, 506, "#e8722a", turn=-6)
    _seated(c, rng, 1060, 500, BLUE_7, turn=-8, helmet=BLUE_5)
    c.rect(440, 690, 780, 34, WOOD, radius=10)
    c.rect(480, 724, 700, 176, WOOD_2)
    for x in (560, 720, 930, 1110):
        c.rect(x, 644, 44, 48, PAPER, radius=8)
        c.rect(x, 660, 44, 8, RED_7)
        for puff in range(3):
            c.disc(x + 22 + puff * 5, 628 - puff * 22, 12 - puff, PAPER, alpha=0.5)
    c.rect(810, 650, 74, 40, INK, radius=6)
    person(c, rng, 1390, 880, 590, {"arms": ((-34, -110), (20, 8))}, RED_6, BLUE_9)


def counter(c: Canvas, rng):
    """The service window: two who ask, two who answer."""
    c.gradient("#d6e4ea", "#eaf0ec", bottom=620)
    c.gradient("#b9c2c4", "#98a3a6", top=620)
    c.rect(140, 70, 1320, 120, RED_8, radius=8)
    c.rect(154, 84, 1292, 92, RED_7, radius=6)
    c.kapok(800, 130, 50, 0.2, GOLD_2, RED_9)
    for side in (-1, 1):
        for i in range(3):
            c.rect(800 + side * (170 + i * 150) - 50, 118, 100, 24, CREAM, radius=12)
    for x in (250, 830):
        c.rect(x, 220, 520, 330, PAPER, radius=8)
        c.rect(x + 14, 234, 492, 302, "#f3e7d3")
        for shelf in range(2):
            y = 320 + shelf * 110
            c.rect(x + 30, y, 190, 10, WOOD_2)
            for i in range(7):
                color = rng.choice([BLUE_7, RED_7, GREEN_7, GOLD_6])
                c.rect(x + 34 + i * 26, y - 62, 22, 62, color, radius=2)
    # scales on the wall: advice on the law
    c.line([(1240, 290), (1240, 420)], GOLD_6, 10)
    c.line([(1160, 310), (1320, 310)], GOLD_6, 8)
    for x in (1160, 1320):
        c.line([(x, 310), (x - 30, 370)], GOLD_6, 4)
        c.line([(x, 310), (x + 30, 370)], GOLD_6, 4)
        c.ring(x, 366, 34, GOLD_6, 10, 18, 0, 180)
    c.glow(510, 300, 320, "#fff6d8", 0.5)
    c.glow(1090, 300, 320, "#fff6d8", 0.5)
    _seated(c, rng, 560, 380, BLUE_7, turn=8)
    _seated(c, rng, 1040, 380, RED_7, turn=-8)
    for x in (400, 1170):
        c.rect(x, 500, 150, 100, SLATE, radius=8)
        c.rect(x + 10, 510, 130, 80, BLUE_3, radius=4)
        c.rect(x + 62, 600, 26, 26, SLATE)
    c.rect(100, 620, 1400, 40, WOOD, radius=8)
    c.poly([(120, 660), (1480, 660), (1450, 900), (150, 900)], WOOD_2)
    for x in (250, 800, 1350):
        c.kapok(x, 780, 54, 0.3, mix(WOOD_2, CORAL, 0.5), RED_9)
    for x in (640, 930):
        c.poly([(x - 70, 622), (x + 46, 622), (x + 70, 652), (x - 90, 652)], PAPER)
        for row in range(2):
            c.line([(x - 60, 630 + row * 11), (x + 34, 630 + row * 11)], STONE, 3)
    person(c, rng, 350, 1110, 700, {"arms": ((-20, 30), (44, 96))}, "#e8722a", SLATE)
    person(c, rng, 1270, 1110, 680, {"arms": ((-46, -98), (16, 8))}, GREEN_7, BLUE_9)


SERVICE = {"station": station, "counter": counter}
