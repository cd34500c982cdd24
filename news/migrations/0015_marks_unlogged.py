"""Marks of readers and the secrets of days are written to no log: they are worth nothing
tomorrow, and what is thrown away with its day stands in no archive either. A database
that is killed begins the day's marks anew."""

from django.db import migrations, models

_TABLES = ("news_readermark", "news_readingday")


class Migration(migrations.Migration):
    dependencies = [("news", "0014_index_pages")]

    operations = [
        migrations.AlterField(
            model_name="readermark", name="mark", field=models.UUIDField()
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} SET UNLOGGED", f"ALTER TABLE {table} SET LOGGED"
            )
            for table in _TABLES
        ),
    ]
