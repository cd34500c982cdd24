"""Who is on the wall already gets a place by strokes, and those who were nominated the
district they came from."""

from pathlib import Path

from django.db import migrations
from django.db.models import F

_DATA = Path(__file__).parents[1] / "data" / "strokes.txt"
_BETWEEN = str.maketrans("", "", "\u00b7\u2022\u2027\u30fb\uff0e. \u3000")

DISTRICTS = """
UPDATE honors_honoree h SET district_id = (
    SELECT d.id FROM honors_nomination n
    JOIN members_unionorg u ON u.id = n.unit_id
    JOIN members_unionorg d ON starts_with(u.code, d.code)
        AND d.level IN ('county', 'industry')
    WHERE n.id = h.nomination_id ORDER BY length(d.code) DESC LIMIT 1)
WHERE h.nomination_id IS NOT NULL
"""


def put_in_order(apps, schema_editor):
    places = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        count, ordered, counted = line.split("\t")
        for n, char in enumerate(ordered):
            places[char] = f"{int(count):02d}{n:04d}"
        for char in counted:
            places[char] = f"{int(count):02d}9999"
    honorees = apps.get_model("honors", "Honoree").objects
    for honoree in honorees.only("name").iterator():
        found = [
            places.get(char, f"99{ord(char):06x}")
            for char in honoree.name.translate(_BETWEEN)
        ]
        if len(found) == 2:
            found.insert(1, "00")
        key = " ".join(found)[:480]
        honorees.filter(pk=honoree.pk).update(
            stroke_key=key, updated_at=F("updated_at")
        )


class Migration(migrations.Migration):
    dependencies = [("honors", "0009_wall")]

    operations = [
        migrations.RunPython(put_in_order, migrations.RunPython.noop),
        migrations.RunSQL(DISTRICTS, migrations.RunSQL.noop),
    ]
