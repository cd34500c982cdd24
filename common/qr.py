"""QR codes drawn by the portal itself."""

import io
import math

import segno

SMALLEST = 160  # pixels; with the four quiet modules around it
QUIET = 4


def svg(text: str) -> bytes:
    """``text`` as a QR code: an SVG image of at least 160 × 160 pixels."""
    code = segno.make(text, error="m", micro=False)
    modules = code.symbol_size(border=QUIET)[0]
    out = io.BytesIO()
    code.save(
        out,
        kind="svg",
        scale=math.ceil(SMALLEST / modules),
        border=QUIET,
        light="#fff",
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue()
