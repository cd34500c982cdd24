"""The page that says where each move of a signup is proven tells the truth."""

import re
from pathlib import Path

from signups.enums import SignupStatus

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "signup-states.md"


def test_every_state_and_every_test_of_the_page_exists():
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", page)

    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", (HERE / file).read_text(), re.MULTILINE)
    ]

    assert missing == []
    assert len(named) > 25
    assert [state.name for state in SignupStatus if state.name not in page] == []
