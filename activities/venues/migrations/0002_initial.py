import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("activities_venues", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("signups", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="roomuse",
            name="occasion",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="room_uses",
                to="signups.occasion",
                verbose_name="场次",
            ),
        ),
        migrations.AddField(
            model_name="roomuse",
            name="room",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uses",
                to="activities_venues.room",
                verbose_name="房间",
            ),
        ),
        migrations.AddConstraint(
            model_name="venue",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="activities_venues_venue_has_name",
                violation_error_message="请填写场馆名称。",
            ),
        ),
        migrations.AddField(
            model_name="roomevent",
            name="venue",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="activities_venues.venue",
                verbose_name="场馆",
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="venue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rooms",
                to="activities_venues.venue",
                verbose_name="场馆",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="venue",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "activities_venues_venueevent" ("address", "created_at", "directions", "id", "intro", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "updated_at") VALUES (NEW."address", NEW."created_at", NEW."directions", NEW."id", NEW."intro", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."position", NEW."updated_at"); RETURN NULL;',
                    hash="3fe000c6131430c698ddbec8fed52d5f11925ab7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_47e92",
                    table="activities_venues_venue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="venue",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "activities_venues_venueevent" ("address", "created_at", "directions", "id", "intro", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "updated_at") VALUES (NEW."address", NEW."created_at", NEW."directions", NEW."id", NEW."intro", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."position", NEW."updated_at"); RETURN NULL;',
                    hash="29bbd276986eab0d7a93a31387b758beb964cbcf",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_02d2c",
                    table="activities_venues_venue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="venue",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "activities_venues_venueevent" ("address", "created_at", "directions", "id", "intro", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "updated_at") VALUES (OLD."address", OLD."created_at", OLD."directions", OLD."id", OLD."intro", OLD."is_active", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."position", OLD."updated_at"); RETURN NULL;',
                    hash="51257cfa4d3517c5d9a1407ff8c6cdbf23de4f1d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9978f",
                    table="activities_venues_venue",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="venueevent",
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
            model_name="venueevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="activities_venues.venue",
            ),
        ),
        migrations.AddConstraint(
            model_name="roompart",
            constraint=models.UniqueConstraint(
                fields=("whole", "part"), name="activities_venues_roompart_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="roompart",
            constraint=models.CheckConstraint(
                condition=models.Q(("whole", models.F("part")), _negated=True),
                name="activities_venues_roompart_not_itself",
                violation_error_message="房间不能是自己的分区。",
            ),
        ),
        migrations.AddConstraint(
            model_name="roomuse",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                expressions=[("room", "="), ("during", "&&")],
                name="activities_venues_roomuse_once",
                violation_error_message="该房间在这段时间已有安排。",
            ),
        ),
        migrations.AddConstraint(
            model_name="roomuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("during__isempty", False)),
                name="activities_venues_roomuse_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                fields=("venue", "name"),
                name="activities_venues_room_name_once",
                violation_error_message="该场馆已有同名的房间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="activities_venues_room_has_name",
                violation_error_message="请填写房间名称。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="room",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "activities_venues_roomevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "venue_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."venue_id"); RETURN NULL;',
                    hash="bee5d9050b82b2f7828d1b9bfdf1952cfec938b3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cd653",
                    table="activities_venues_room",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="room",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "activities_venues_roomevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "venue_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."venue_id"); RETURN NULL;',
                    hash="aa34a3b6b289c3731b000c2a4efa338a5b114501",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_23342",
                    table="activities_venues_room",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="room",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "activities_venues_roomevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "venue_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."venue_id"); RETURN NULL;',
                    hash="e1443a366636530b8aba48e71279a75c483951aa",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1881d",
                    table="activities_venues_room",
                    when="AFTER",
                ),
            ),
        ),
    ]
