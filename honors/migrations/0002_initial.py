import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("honors", "0001_initial"),
        ("members", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="awardedition",
            name="conferred_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="公开人",
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="editions",
                to="honors.awardprogram",
                verbose_name="荣誉称号",
            ),
        ),
        migrations.AddField(
            model_name="honoree",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="honorees",
                to="honors.awardedition",
                verbose_name="评选届次",
            ),
        ),
        migrations.AddField(
            model_name="honoree",
            name="worker",
            field=models.ForeignKey(
                blank=True,
                help_text="可以不填：获奖者不一定有账号。",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="honours",
                to="members.worker",
                verbose_name="对应职工",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.UniqueConstraint(
                fields=("program", "title"),
                name="honors_awardedition_title_once",
                violation_error_message="该荣誉称号已有同名的届次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 1949), ("year__lte", 2199)),
                name="honors_awardedition_year_plausible",
                violation_error_message="请填写四位数的年份。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardedition",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="e6923748972c34f0811a8395e2550913b6bc1e3e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_0dd5b",
                    table="honors_awardedition",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="honoree",
            constraint=models.UniqueConstraint(
                fields=("edition", "name", "employer"),
                name="honors_honoree_once_an_edition",
                violation_error_message="同一届中已有该单位的这位获奖者。",
            ),
        ),
        migrations.AddConstraint(
            model_name="honoree",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cert_no", ""), _negated=True),
                fields=("cert_no",),
                name="honors_honoree_certificate_once",
                violation_error_message="该证书编号已登记给其他获奖者。",
            ),
        ),
        migrations.AddConstraint(
            model_name="honoree",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="honors_honoree_has_name",
                violation_error_message="请填写姓名。",
            ),
        ),
        migrations.AddConstraint(
            model_name="honoree",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("portrait_height", 0),
                        ("portrait_key", ""),
                        ("portrait_width", 0),
                    ),
                    models.Q(
                        models.Q(("portrait_key", ""), _negated=True),
                        ("portrait_height__gt", 0),
                        ("portrait_width__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="honors_honoree_portrait_whole_or_absent",
                violation_error_message="照片资料不完整。",
            ),
        ),
        migrations.AddConstraint(
            model_name="honoree",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoke_reason", ""), ("revoked_on__isnull", True)),
                    models.Q(
                        ("revoked_on__isnull", False),
                        models.Q(("revoke_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="honors_honoree_revoked_with_reason",
                violation_error_message="撤销荣誉须写明原因。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="honoree",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="e55d63822ec9c7b74f6ba02da162bb00b5c15cb4",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_b6b22",
                    table="honors_honoree",
                    when="AFTER",
                ),
            ),
        ),
    ]
