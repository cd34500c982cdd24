import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("honors", "0001_initial"),
        ("members", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
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
        migrations.AddField(
            model_name="honoreeevent",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="honors.awardedition",
                verbose_name="评选届次",
            ),
        ),
        migrations.AddField(
            model_name="honoreeevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="honoreeevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="honors.honoree",
            ),
        ),
        migrations.AddField(
            model_name="honoreeevent",
            name="worker",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="可以不填：获奖者不一定有账号。",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
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
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("employer", ""), _negated=True),
                ),
                name="honors_honoree_has_name_and_employer",
                violation_error_message="请填写姓名和单位。",
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
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "honors_honoreeevent" ("cert_no", "created_at", "deed", "deeds", "edition_id", "employer", "ethnicity", "gender", "id", "industry", "is_group", "motto", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "portrait_height", "portrait_key", "portrait_width", "position", "revoke_reason", "revoked_on", "sort_key", "updated_at", "worker_id") VALUES (NEW."cert_no", NEW."created_at", NEW."deed", NEW."deeds", NEW."edition_id", NEW."employer", NEW."ethnicity", NEW."gender", NEW."id", NEW."industry", NEW."is_group", NEW."motto", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."portrait_height", NEW."portrait_key", NEW."portrait_width", NEW."position", NEW."revoke_reason", NEW."revoked_on", NEW."sort_key", NEW."updated_at", NEW."worker_id"); RETURN NULL;',
                    hash="0af3f4ab179e55fc3b555f12e497c5e43e54dea5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7ca61",
                    table="honors_honoree",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="honoree",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "honors_honoreeevent" ("cert_no", "created_at", "deed", "deeds", "edition_id", "employer", "ethnicity", "gender", "id", "industry", "is_group", "motto", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "portrait_height", "portrait_key", "portrait_width", "position", "revoke_reason", "revoked_on", "sort_key", "updated_at", "worker_id") VALUES (NEW."cert_no", NEW."created_at", NEW."deed", NEW."deeds", NEW."edition_id", NEW."employer", NEW."ethnicity", NEW."gender", NEW."id", NEW."industry", NEW."is_group", NEW."motto", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."portrait_height", NEW."portrait_key", NEW."portrait_width", NEW."position", NEW."revoke_reason", NEW."revoked_on", NEW."sort_key", NEW."updated_at", NEW."worker_id"); RETURN NULL;',
                    hash="63dfee8ffd3c293bb86b0c64a3ebaf4a3561e284",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8035b",
                    table="honors_honoree",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="honoree",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "honors_honoreeevent" ("cert_no", "created_at", "deed", "deeds", "edition_id", "employer", "ethnicity", "gender", "id", "industry", "is_group", "motto", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "portrait_height", "portrait_key", "portrait_width", "position", "revoke_reason", "revoked_on", "sort_key", "updated_at", "worker_id") VALUES (OLD."cert_no", OLD."created_at", OLD."deed", OLD."deeds", OLD."edition_id", OLD."employer", OLD."ethnicity", OLD."gender", OLD."id", OLD."industry", OLD."is_group", OLD."motto", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."portrait_height", OLD."portrait_key", OLD."portrait_width", OLD."position", OLD."revoke_reason", OLD."revoked_on", OLD."sort_key", OLD."updated_at", OLD."worker_id"); RETURN NULL;',
                    hash="33ed1942dc9baa5647044f44b44004babbc7a361",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e7706",
                    table="honors_honoree",
                    when="AFTER",
                ),
            ),
        ),
    ]
