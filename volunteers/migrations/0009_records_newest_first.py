from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of all hours is read from an index, not sorted whole."""

    dependencies = [("volunteers", "0008_old_hours")]

    operations = [
        migrations.AddIndex(
            model_name="servicerecord",
            index=models.Index(
                fields=["-served_on", "-id"], name="volunteers_record_newest"
            ),
        ),
    ]
