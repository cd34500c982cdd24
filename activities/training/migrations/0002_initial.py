import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("activities_training", "0001_initial"),
        ("activities_venues", "0001_initial"),
        ("members", "0001_initial"),
        ("signups", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="courseclass",
            name="offering",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="course_class",
                to="signups.offering",
                verbose_name="报名项目",
            ),
        ),
        migrations.AddField(
            model_name="courseclass",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="classes",
                to="activities_venues.room",
                verbose_name="教室",
            ),
        ),
        migrations.AddField(
            model_name="courseclass",
            name="teacher",
            field=models.ForeignKey(
                blank=True,
                help_text="教师本人在册时选，本人可在后台看到自己的班。",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="classes_taught",
                to="members.worker",
                verbose_name="教师（职工）",
            ),
        ),
        migrations.AddField(
            model_name="courseclass",
            name="venue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="classes",
                to="activities_venues.venue",
                verbose_name="场馆",
            ),
        ),
        migrations.AddField(
            model_name="courseclass",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="classes",
                to="activities_training.coursekind",
                verbose_name="门类",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="course_class",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lessons",
                to="activities_training.courseclass",
                verbose_name="培训班",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="occasion",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lesson",
                to="signups.occasion",
                verbose_name="场次",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lessons",
                to="activities_venues.room",
                verbose_name="教室",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="venue",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lessons",
                to="activities_venues.venue",
                verbose_name="场馆",
            ),
        ),
        migrations.AddField(
            model_name="term",
            name="limit",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="term",
                to="signups.limit",
                verbose_name="限报",
            ),
        ),
        migrations.AddField(
            model_name="courseclass",
            name="term",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="classes",
                to="activities_training.term",
                verbose_name="培训期",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.UniqueConstraint(
                fields=("course_class", "number"),
                name="activities_training_lesson_number_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lesson",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="4689786f4591e9959f54f4402706151dd46ee6a0",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_b1f0b",
                    table="activities_training_lesson",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True), ("number__gte", 1)
                ),
                name="activities_training_term_has_title",
                violation_error_message="请填写期号和名称。",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                name="activities_training_term_window_forward",
                violation_error_message="报名截止应晚于报名开始。",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="activities_training_term_days_forward",
                violation_error_message="上课结束不能早于上课开始。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="term",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="e510639bd0983c06f463b8bd0193b2fa57a7b1ee",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_96910",
                    table="activities_training_term",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="courseclass",
            constraint=models.UniqueConstraint(
                fields=("term", "name"),
                name="activities_training_courseclass_name_once",
                violation_error_message="这一期已有同名的班。",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseclass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("teacher_name", ""), _negated=True),
                ),
                name="activities_training_courseclass_has_name",
                violation_error_message="请填写班名和任课教师。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="courseclass",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="6e72dbb8ecaea82890b0d76eaa243397560a004f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_28108",
                    table="activities_training_courseclass",
                    when="AFTER",
                ),
            ),
        ),
    ]
