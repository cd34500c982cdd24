"""What is visibly wrong with a page, measured in it."""

import os
from pathlib import Path
from zlib import crc32

from axe_playwright_python.sync_playwright import Axe

MEASURES = Path(__file__).with_name("page_checks.js").read_text("utf-8")
CHECKS = Axe().axe_script + MEASURES
WIDTHS = {320: 568, 375: 667, 1280: 900}
MODES = {"normal": "", "large print": "elder", "high contrast": "contrast"}
# A check takes a second where two cores are busy: the suite takes each mode on a
# telephone, normal print at every width, large print on the narrowest, and asks axe-core
# in one of the modes, which depends on the page; `make soak` takes them all.
EVERYWHERE = os.environ.get("CHECK_EVERYWHERE") == "1"
NARROW = (320, "elder")
# Text at twice its size by the browser's own setting (the style sheets count in rem)
# and at WeChat's care mode; 640 is a window of 1280 zoomed to 200 %.
LARGER = [("", "200%", 320), ("elder", "23.8px", 375)]
if EVERYWHERE:
    LARGER += [
        ("", "200%", 375),
        ("elder", "200%", 375),
        ("", "200%", 1280),
        ("", "23.8px", 375),
        ("", "", 640),
    ]


def check_page(page, where) -> list[str]:
    """What is wrong with the page that is shown, in every mode at every width, as
    lines: sideways scroll, words cut off, small targets, axe-core's serious findings.

    The modes are style sheets only (test_every_page_mode_is_style_sheets_only), so the page
    is loaded once and dressed again.
    """
    page.evaluate(CHECKS)
    wrong = []
    asked_of_axe = list(MODES.values())[crc32(where.encode()) % len(MODES)]
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for mode, word in MODES.items():
            if not (EVERYWHERE or width == 375 or not word or (width, word) == NARROW):
                continue
            by_axe = EVERYWHERE or (width, word) == (375, asked_of_axe)
            asked = f"checks.everything({str(by_axe).lower()})"
            found = dressed(page, word, "", asked)
            wrong += [f"{where}, {mode}, {width}: {fault}" for fault in found]
    for word, size, width in LARGER:
        page.set_viewport_size({"width": width, "height": 667})
        found = dressed(page, word, size, "[...checks.sideways(), ...checks.cut()]")
        wrong += [f"{where}, {word} {size}, {width}: {fault}" for fault in found]
    return wrong


def dressed(page, word, size, question):
    dress = f"""() => {{
        document.documentElement.dataset.display = "{word}";
        document.documentElement.style.fontSize = "{size}";
        return {question};
    }}"""
    return page.evaluate(dress)


def serious(page, where="") -> list[str]:
    """What axe-core finds serious or critical, as the page stands."""
    page.evaluate(CHECKS)
    return [f"{where}: {fault}" for fault in page.evaluate("checks.serious()")]
