"""Every kind of notice is met by a test that names who gets it."""

from pathlib import Path

from members import noticekinds

TESTS = Path(__file__).parent.parent


def test_every_kind_of_notice_is_named_by_a_test():
    """By its whole name, or by the part behind the room's where tests shorten it."""
    words = "\n".join(
        path.read_text(encoding="utf-8")
        for path in TESTS.rglob("test_*.py")
        if path.name != Path(__file__).name
    )
    kinds = [kind.name for kind in noticekinds.every()]

    assert len(kinds) > 50
    assert [
        name
        for name in kinds
        if f'"{name}"' not in words and f'"{name.partition(".")[2]}"' not in words
    ] == []
