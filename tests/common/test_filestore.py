"""Files that are handed on as they are: what they are called."""

import pytest

from common import filestore


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("通知（定稿）.docx", "通知定稿"),
        ("report", "report"),
        ("！！.pdf", ""),  # nothing is left of it
        (".", ""),
        ("", ""),
    ],
)
def test_stem_of_a_name_is_fit_for_a_disk_or_empty(name, stem):
    assert filestore.stem_of(name) == stem
