"""Lists that are walked to in an index alone; titles found by their pieces."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0001_initial"),
        ("common", "0007_pieces"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="article",
            name="news_article_newest",
        ),
        migrations.RemoveIndex(
            model_name="article",
            name="news_article_column_newest",
        ),
        migrations.RemoveIndex(
            model_name="article",
            name="news_article_column_pinned",
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(
                    ("live_version__isnull", False), ("withdrawn_at__isnull", True)
                ),
                fields=["-publish_at", "-id"],
                include=("expire_at",),
                name="news_article_newest_out",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(
                    ("live_version__isnull", False), ("withdrawn_at__isnull", True)
                ),
                fields=["column", "-publish_at", "-id"],
                include=("expire_at",),
                name="news_article_column_newest_out",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(
                    ("live_version__isnull", False), ("withdrawn_at__isnull", True)
                ),
                fields=["column", "-is_pinned", "-publish_at", "-id"],
                include=("expire_at",),
                name="news_article_column_pinned_out",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["-updated_at", "-id"], name="news_article_edited"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("title"),
                    models.F("subtitle"),
                    models.F("source_name"),
                    function="common_pieces",
                ),
                name="news_article_found",
            ),
        ),
    ]
