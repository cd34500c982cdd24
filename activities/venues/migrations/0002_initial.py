import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("activities_venues", "0001_initial"),
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="49b3e50278d52f6e82713dc47d0f50376cefb9d9",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_47162",
                    table="activities_venues_venue",
                    when="AFTER",
                ),
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="e7b5bf276200523a046ca56c8fd22d308a1140d8",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_e71fd",
                    table="activities_venues_room",
                    when="AFTER",
                ),
            ),
        ),
    ]
