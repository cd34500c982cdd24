"""Days and times are typed into the fields of one file."""

import re

from tests.architecture.test_rooms import MODULES, ROOT

OWN = re.compile(r"forms\.(?:SplitDateTime|DateTime|Date|Time)Field\(")


def test_moment_field_is_used_for_every_day_and_time():
    assert [
        str(path) for path in MODULES if OWN.search((ROOT / path).read_text("utf-8"))
    ] == []
