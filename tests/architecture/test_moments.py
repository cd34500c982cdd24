"""Days and times are typed into the fields of one file."""

import re

from tests.architecture.test_rooms import MODULES, ROOT

OWN = re.compile(r"forms\.(?:SplitDateTime|DateTime|Date|Time)Field\(")


def test_every_day_and_time_is_typed_into_a_field_of_common_moments():
    assert [
        str(path) for path in MODULES if OWN.search((ROOT / path).read_text("utf-8"))
    ] == []
