import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0003_auditevent"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "number",
                    models.PositiveIntegerField(
                        primary_key=True, serialize=False, verbose_name="序号"
                    ),
                ),
                ("until", models.DateTimeField(unique=True, verbose_name="封存到")),
                ("events", models.PositiveIntegerField(verbose_name="记录数")),
                ("digest", models.CharField(max_length=52, verbose_name="摘要")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="封存时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "审计封存",
                "verbose_name_plural": "审计封存",
                "ordering": ["number"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditseal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'audit seals are append-only';",
                    hash="00474fbe9ee43ee36e3b81c3a1ea1108b2a68818",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_05ed4",
                    table="common_auditseal",
                    when="BEFORE",
                ),
            ),
        ),
    ]
