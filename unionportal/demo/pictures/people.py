"""People in the scenes: how they stand, and an audience seen from behind."""

from unionportal.demo.pictures.kit import HAIRS, INK, SKINS, SLATE, mix

WAVE = {"arms": ((-14, -30), (140, 175))}
HOLD = {"arms": ((-28, 62), (28, -62))}
OPEN = {"arms": ((-62, -100), (62, 100))}
CARRY = {"arms": ((30, 80), (38, 84)), "lean": 6}


def person(canvas, rng, x, y, height, pose, shirt, trousers=SLATE, **more):
    return canvas.figure(
        x,
        y,
        height,
        pose,
        shirt=shirt,
        trousers=trousers,
        skin=rng.choice(SKINS),
        hair=rng.choice(HAIRS),
        **more,
    )


def audience(canvas, rng, y, size, colors, rows=2):
    for row in range(rows):
        base = y + row * size * 0.9
        offset = (row % 2) * size * 0.9 + rng.uniform(-20, 20)
        x = -size + offset
        while x < canvas.width + size:
            color = mix(rng.choice(colors), INK, 0.25 * (rows - row) / rows)
            canvas.back(x, base + rng.uniform(-9, 9), size, color, rng.choice(HAIRS))
            x += size * rng.uniform(1.9, 2.3)
