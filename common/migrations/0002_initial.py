import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("common", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="操作人",
            ),
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
        migrations.AddField(
            model_name="change",
            name="by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="操作人",
            ),
        ),
        migrations.AddField(
            model_name="holiday",
            name="entered_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="录入人",
            ),
        ),
        migrations.AddConstraint(
            model_name="pagegeneration",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)), name="common_pagegeneration_single_row"
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["-at"], name="common_auditevent_at"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["by", "-at"], name="common_auditevent_by"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["verb", "-at"], name="common_auditevent_verb"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                fields=["of_model", "of_key"], name="common_auditevent_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason__regex", "[[:cntrl:]]"), _negated=True),
                    models.Q(("by_label__regex", "[[:cntrl:]]"), _negated=True),
                    models.Q(("before__regex", "[[:cntrl:]]"), _negated=True),
                    models.Q(("after__regex", "[[:cntrl:]]"), _negated=True),
                ),
                name="common_auditevent_no_control_characters",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'UPDATE'\n                       AND current_setting('portal.forgetting', true) = 'on'\n                       AND (NEW.by_label = '' OR NEW.by_label = OLD.by_label)\n                       AND (NEW.address IS NULL OR NEW.address = OLD.address)\n                       AND to_jsonb(NEW) - '{by_label,address}'::text[]\n                         = to_jsonb(OLD) - '{by_label,address}'::text[]\n                    THEN\n                        RETURN NEW;\n                    END IF;\n                    RAISE EXCEPTION 'audit events are append-only';\n                ",
                    hash="76bfb5c277bf3b04887dec5c5db6cba250c9f7b5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_085fa",
                    table="common_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                fields=["of_table", "of_id", "id"], name="common_change_of_row"
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("by__isnull", False)),
                fields=["by", "id"],
                name="common_change_by",
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["at"], name="common_change_at"),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("after__isnull", False),
                        ("before__isnull", True),
                        ("verb", "insert"),
                    ),
                    models.Q(
                        ("after__isnull", False),
                        ("before__isnull", False),
                        ("verb", "update"),
                    ),
                    models.Q(
                        ("after__isnull", True),
                        ("before__isnull", False),
                        ("verb", "delete"),
                    ),
                    _connector="OR",
                ),
                name="common_change_verb_says_what_is_kept",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="change",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the history is append-only';",
                    hash="8b1a4ecc7d11a3ba0e53caeffc237c699619413c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6e47b",
                    table="common_change",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("date__year", models.F("notice_year")),
                    models.Q(
                        ("date__month", 12),
                        (
                            "date__year",
                            django.db.models.expressions.CombinedExpression(
                                models.F("notice_year"), "-", models.Value(1)
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="common_holiday_near_its_notice",
                violation_error_message="日期须在通知的年度内，或在上一年的12月。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holiday",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="1cd194cc6404e174d49c0d087543dc0c1c266daa",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_history_e144e",
                    table="common_holiday",
                    when="AFTER",
                ),
            ),
        ),
    ]
