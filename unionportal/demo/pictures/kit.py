"""Brushes for the demonstration's pictures: everything is drawn from shapes, so that no
photograph of anybody and no font is needed.

A canvas is addressed in design units (1600 × 900 for scenes, 900 × 1200 for portraits)
and drawn larger than asked, so that edges come out smooth.
"""

import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

RED_9, RED_8, RED_7, RED_6 = "#5e0810", "#8f0d17", "#b3121d", "#c8161d"
CORAL, ROSE = "#e0533f", "#e8a79b"
GOLD_7, GOLD_6, GOLD_5, GOLD_2 = "#7a5200", "#c9a227", "#f5c518", "#ffe08a"
PAPER, PAPER_2, CREAM, WOOD, WOOD_2 = (
    "#f7f5f2",
    "#efebe4",
    "#fff7e0",
    "#b98a56",
    "#8a5f38",
)
INK, SLATE, STONE = "#1f1f1f", "#4b4f58", "#a59c8f"
GREEN_9, GREEN_7, GREEN_5, GREEN_3 = "#12352a", "#1f5b45", "#4f8a63", "#a9c7a0"
BLUE_9, BLUE_7, BLUE_5, BLUE_3 = "#122a44", "#1f4e79", "#4f86b0", "#b5d0e0"
SKINS = ("#f0c8a4", "#e6b48c", "#d69f76", "#f3d3b4")
HAIRS = ("#231815", "#2d2320", "#3a2a22", "#171717")


def chance(*key) -> random.Random:
    """The same key always gives the same row of numbers."""
    return random.Random("|".join(map(str, key)))  # noqa: S311  pictures, no secrets


def rgb(color: str) -> tuple[int, int, int]:
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))


def mix(one: str, other: str, share: float) -> str:
    """``one`` with ``share`` (0 to 1) of ``other`` in it."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def smooth(points, steps=10):
    """A curve through ``points`` (Catmull-Rom), as points for a polygon or a line."""
    ends = [points[0], *points, points[-1]]
    curve = []
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append(
                tuple(
                    0.5
                    * (
                        2 * b
                        + (c - a) * t
                        + (2 * a - 5 * b + 4 * c - d) * t * t
                        + (3 * b - a - 3 * c + d) * t**3
                    )
                    for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
                )
            )
    return [*curve, points[-1]]


class Canvas:
    """A picture being painted, in design units."""

    def __init__(self, width: int, height: int, size: tuple[int, int]):
        self.width, self.height, self.size = width, height, size
        cover = max(size[0] / width, size[1] / height)
        self.scale = cover * (2 if max(size) <= 1000 else 1.5)
        self.image = Image.new("RGB", self._px(width, height), PAPER)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def _px(self, *numbers):
        return tuple(max(1, round(n * self.scale)) for n in numbers)

    def _at(self, points):
        return [(x * self.scale, y * self.scale) for x, y in points]

    @staticmethod
    def _ink(color, alpha):
        return (*rgb(color), round(255 * alpha))

    # --- grounds --------------------------------------------------------------
    def gradient(self, *colors, top=0, bottom=None):
        """Horizontal bands that melt into each other, from ``top`` to ``bottom``."""
        bottom = self.height if bottom is None else bottom
        strip = Image.new("RGB", (1, len(colors)))
        strip.putdata([rgb(color) for color in colors])
        _, y0, _, y1 = self._px(1, top or 1e-9, 1, bottom)
        y0 = 0 if not top else y0
        band = strip.resize((1, y1 - y0), Image.Resampling.BICUBIC)
        self.image.paste(band.resize((self.image.width, y1 - y0)), (0, y0))

    def glow(self, x, y, radius, color, strength=0.8):
        """Light that fades outwards."""
        small = Image.new("L", (64, 64), 0)
        pen = ImageDraw.Draw(small)
        for ring in range(31, 0, -1):
            value = round(255 * strength * (1 - ring / 31) ** 1.8)
            pen.ellipse((32 - ring, 32 - ring, 32 + ring, 32 + ring), fill=value)
        side = max(2, round(2 * radius * self.scale))
        mask = small.resize((side, side), Image.Resampling.BICUBIC)
        corner = (round((x - radius) * self.scale), round((y - radius) * self.scale))
        self.image.paste(Image.new("RGB", (side, side), color), corner, mask)

    def beam(self, points, color, strength=0.35, blur=14):
        """A soft-edged shaft of light over a polygon."""
        small = Image.new("L", (self.width // 4, self.height // 4), 0)
        pen = ImageDraw.Draw(small)
        pen.polygon([(x / 4, y / 4) for x, y in points], fill=round(255 * strength))
        small = small.filter(ImageFilter.GaussianBlur(blur / 4))
        mask = small.resize(self.image.size, Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", self.image.size, color), (0, 0), mask)

    def ridge(self, rng, y, height, color, bumps=5, alpha=1.0):
        """A range of hills across the whole width, down to the lower edge."""
        step = self.width / bumps
        tops = [
            (i * step + rng.uniform(-0.3, 0.3) * step, y - rng.uniform(0.1, 1) * height)
            for i in range(-1, bumps + 2)
        ]
        shape = [*smooth(tops), (self.width * 1.3, self.height), (-400, self.height)]
        self.poly(shape, color, alpha)

    def grain(self, rng, strength=0.035):
        """The tooth of paper; the same for the same ``rng``."""
        width, height = self.image.width // 3, self.image.height // 3
        noise = Image.frombytes("L", (width, height), rng.randbytes(width * height))
        noise = noise.resize(self.image.size, Image.Resampling.BILINEAR).convert("RGB")
        self.image = Image.blend(self.image, noise, strength)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    # --- shapes ---------------------------------------------------------------
    def poly(self, points, color, alpha=1.0):
        self.pen.polygon(self._at(points), fill=self._ink(color, alpha))

    def blob(self, points, color, alpha=1.0):
        """A closed shape with a round outline through ``points``."""
        self.poly(smooth([*points, points[0]]), color, alpha)

    def rect(self, x, y, width, height, color, alpha=1.0, radius=0.0):
        box = (*self._at([(x, y)])[0], *self._at([(x + width, y + height)])[0])
        self.pen.rounded_rectangle(
            box, radius * self.scale, fill=self._ink(color, alpha)
        )

    def disc(self, x, y, rx, color, ry=None, alpha=1.0):
        ry = rx if ry is None else ry
        box = (*self._at([(x - rx, y - ry)])[0], *self._at([(x + rx, y + ry)])[0])
        self.pen.ellipse(box, fill=self._ink(color, alpha))

    def ring(self, x, y, radius, color, width, ry=None, start=0, end=360, alpha=1.0):
        ry = radius if ry is None else ry
        box = (
            *self._at([(x - radius, y - ry)])[0],
            *self._at([(x + radius, y + ry)])[0],
        )
        line = max(1, round(width * self.scale))
        self.pen.arc(box, start, end, fill=self._ink(color, alpha), width=line)

    def line(self, points, color, width, alpha=1.0, caps=True):
        line = max(1, round(width * self.scale))
        self.pen.line(
            self._at(points), fill=self._ink(color, alpha), width=line, joint="curve"
        )
        if caps and alpha == 1:
            for x, y in (points[0], points[-1]):
                self.disc(x, y, width / 2, color)

    # --- things that come back -------------------------------------------------
    def kapok(self, x, y, radius, turn=0.0, petal=CORAL, dark=RED_7):
        """A kapok blossom from the front: five fleshy petals, gold stamens."""
        for i in range(5):
            angle = turn + i * math.tau / 5
            side = math.pi / 5.2
            tip = (x + radius * math.cos(angle), y + radius * math.sin(angle))
            left = (
                x + radius * 0.78 * math.cos(angle - side),
                y + radius * 0.78 * math.sin(angle - side),
            )
            right = (
                x + radius * 0.78 * math.cos(angle + side),
                y + radius * 0.78 * math.sin(angle + side),
            )
            self.blob(
                [(x, y), left, tip, right], petal if i % 2 else mix(petal, dark, 0.25)
            )
            self.line([(x, y), tip], dark, radius * 0.035, 0.6, caps=False)
        for i in range(12):
            angle = turn + i * math.tau / 12
            end = (
                x + radius * 0.36 * math.cos(angle),
                y + radius * 0.36 * math.sin(angle),
            )
            self.line([(x, y), end], GOLD_2, radius * 0.03)
            self.disc(*end, radius * 0.045, GOLD_5)
        self.disc(x, y, radius * 0.12, dark)

    def branch(self, rng, points, width, blossoms=6, size=44):
        """A kapok branch: bare wood, blossoms and buds."""
        curve = smooth(points)
        self.line(curve, "#4a2a22", width)
        for _ in range(blossoms):
            x, y = rng.choice(curve[len(curve) // 6 :])
            dx, dy = rng.uniform(-70, 70), rng.uniform(-60, 60)
            self.line([(x, y), (x + dx, y + dy)], "#4a2a22", width * 0.35)
            self.kapok(x + dx, y + dy, size * rng.uniform(0.7, 1.25), rng.uniform(0, 6))
        for _ in range(blossoms // 2):
            x, y = rng.choice(curve)
            self.disc(x + rng.uniform(-50, 50), y + rng.uniform(-40, 40), 13, RED_7, 17)

    def figure(self, x, y, height, pose, *, shirt, trousers, skin, hair, skirt=False):
        """A person with feet at (x, y). ``pose`` gives angles in degrees from hanging
        straight down, positive to the right: arms and legs as (upper, lower), and
        ``lean`` of the trunk."""
        unit = height
        lean = math.radians(pose.get("lean", 0))
        drop = pose.get("drop", 0.0) * unit
        hip = (x, y - 0.47 * unit + drop)
        neck = (
            hip[0] + 0.33 * unit * math.sin(lean),
            hip[1] - 0.33 * unit * math.cos(lean),
        )

        def limb(start, angles, upper, lower, color, width, end=None):
            first, second = (math.radians(a) for a in angles)
            middle = (
                start[0] + upper * unit * math.sin(first),
                start[1] + upper * unit * math.cos(first),
            )
            last = (
                middle[0] + lower * unit * math.sin(second),
                middle[1] + lower * unit * math.cos(second),
            )
            self.line([start, middle], color, width * unit)
            self.line([middle, last], end or color, width * unit * 0.86)
            return last

        shoulders = [
            (neck[0] + s * 0.085 * unit, neck[1] + 0.035 * unit) for s in (-1, 1)
        ]
        hips = [(hip[0] + s * 0.05 * unit, hip[1]) for s in (-1, 1)]
        arms = pose.get("arms", ((-12, -6), (12, 6)))
        legs = pose.get("legs", ((-5, -2), (5, 2)))
        dark = mix(shirt, INK, 0.18)
        hand = limb(shoulders[0], arms[0], 0.16, 0.15, dark, 0.058, skin)
        self.disc(*hand, 0.03 * unit, skin)
        for start, angles in zip(hips, legs, strict=True):
            foot = limb(start, angles, 0.23, 0.23, trousers, 0.078)
            self.disc(foot[0] + 0.015 * unit, foot[1], 0.05 * unit, INK, 0.025 * unit)
        self.line([(neck[0], neck[1] - 0.03 * unit), neck], skin, 0.05 * unit)
        self.blob(
            [
                (shoulders[0][0] - 0.03 * unit, shoulders[0][1]),
                (neck[0], neck[1] - 0.005 * unit),
                (shoulders[1][0] + 0.03 * unit, shoulders[1][1]),
                (hips[1][0] + 0.035 * unit, hips[1][1] + 0.02 * unit),
                (hips[0][0] - 0.035 * unit, hips[0][1] + 0.02 * unit),
            ],
            shirt,
        )
        if skirt:
            self.poly(
                smooth(
                    [
                        (hip[0] - 0.07 * unit, hip[1] - 0.06 * unit),
                        (hip[0] - 0.19 * unit, hip[1] + 0.26 * unit),
                        (hip[0], hip[1] + 0.30 * unit),
                        (hip[0] + 0.19 * unit, hip[1] + 0.26 * unit),
                        (hip[0] + 0.07 * unit, hip[1] - 0.06 * unit),
                    ]
                ),
                trousers,
            )
        head = (
            neck[0] + 0.095 * unit * math.sin(lean),
            neck[1] - 0.095 * unit * math.cos(lean),
        )
        self.disc(head[0], head[1] - 0.012 * unit, 0.07 * unit, hair, 0.074 * unit)
        self.disc(head[0], head[1] + 0.012 * unit, 0.056 * unit, skin, 0.062 * unit)
        self.ring(
            head[0],
            head[1] - 0.016 * unit,
            0.056 * unit,
            hair,
            0.024 * unit,
            start=180,
            end=360,
        )
        if skirt:
            self.disc(head[0], head[1] - 0.09 * unit, 0.03 * unit, hair)
        hand = limb(shoulders[1], arms[1], 0.16, 0.15, shirt, 0.058, skin)
        self.disc(*hand, 0.03 * unit, skin)
        return hand

    def back(self, x, y, size, shirt, hair):
        """Somebody of the audience, seen from behind."""
        self.blob(
            [
                (x - size, y + size * 1.6),
                (x - size * 0.86, y + size * 0.55),
                (x, y + size * 0.25),
                (x + size * 0.86, y + size * 0.55),
                (x + size, y + size * 1.6),
            ],
            shirt,
        )
        self.disc(x, y - size * 0.1, size * 0.42, hair, size * 0.5)

    def jpeg(self, quality=86) -> bytes:
        done = ImageOps.fit(self.image, self.size, Image.Resampling.LANCZOS)
        target = io.BytesIO()
        done.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
        return target.getvalue()
