import datetime

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_longer_holder_names"),
        ("signups", "0014_spacing"),
        ("volunteers", "0005_join_modes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="创建时间"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, verbose_name="更新时间"),
                ),
                ("title", models.CharField(max_length=40, verbose_name="服务名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("model", "劳模爱心"),
                            ("health", "卫生健康"),
                            ("redstar", "红星"),
                            ("law", "法律服务"),
                            ("green", "生态环保"),
                            ("civility", "文明劝导"),
                            ("culture", "文化文艺"),
                            ("skill", "技能帮扶"),
                            ("safety", "安全应急"),
                            ("care", "关爱帮扶"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "about",
                    models.TextField(blank=True, max_length=1000, verbose_name="说明"),
                ),
                ("place", models.CharField(max_length=80, verbose_name="服务地点")),
                (
                    "meeting_point",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="集合地点"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                (
                    "insurance",
                    models.CharField(blank=True, max_length=200, verbose_name="保险"),
                ),
                (
                    "weather",
                    models.CharField(blank=True, max_length=200, verbose_name="天气"),
                ),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=30, verbose_name="联系人"),
                ),
                ("contact_cipher", models.TextField(blank=True, editable=False)),
                (
                    "called_off_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="取消时间"
                    ),
                ),
                (
                    "called_off_reason",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="取消原因"
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="登记时长的时间"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发布人",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="volunteers.need",
                        verbose_name="服务需求",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="volunteers.volunteerteam",
                        verbose_name="志愿服务队",
                    ),
                ),
            ],
            options={
                "verbose_name": "志愿服务活动",
                "verbose_name_plural": "志愿服务活动",
                "ordering": ["-starts_at", "-pk"],
                "permissions": [("run_service", "组织志愿服务活动")],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="次序"),
                ),
                ("name", models.CharField(max_length=20, verbose_name="岗位")),
                (
                    "skills",
                    models.CharField(blank=True, max_length=100, verbose_name="要求"),
                ),
                (
                    "practised",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="最后这些名额只留给参加过多次服务的志愿者。",
                        verbose_name="其中熟手至少",
                    ),
                ),
                (
                    "offering",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="post",
                        to="signups.offering",
                        verbose_name="报名项目",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="volunteers.serviceevent",
                        verbose_name="志愿服务活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "岗位",
                "verbose_name_plural": "岗位",
                "ordering": ["event", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="EventPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        editable=False, max_length=32, unique=True, verbose_name="文件"
                    ),
                ),
                (
                    "sha256",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="指纹"
                    ),
                ),
                (
                    "width",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="宽"
                    ),
                ),
                (
                    "height",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="高"
                    ),
                ),
                (
                    "caption",
                    models.CharField(blank=True, max_length=60, verbose_name="说明"),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="上传时间",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="公开时间"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="volunteers.serviceevent",
                        verbose_name="志愿服务活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务照片",
                "verbose_name_plural": "服务照片",
                "ordering": ["event", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Countersign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("people", models.PositiveIntegerField(verbose_name="服务人数")),
                ("person_times", models.PositiveIntegerField(verbose_name="服务人次")),
                (
                    "host",
                    models.CharField(max_length=60, verbose_name="接受服务的单位"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待对方确认"),
                            ("signed", "对方已确认"),
                            ("disputed", "对方有异议"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "link_digest",
                    models.CharField(editable=False, max_length=64, unique=True),
                ),
                ("expires_at", models.DateTimeField(verbose_name="链接有效至")),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="登记时间",
                    ),
                ),
                (
                    "signer",
                    models.CharField(blank=True, max_length=30, verbose_name="确认人"),
                ),
                (
                    "remark",
                    models.CharField(blank=True, max_length=200, verbose_name="意见"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="确认时间"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="countersign",
                        to="volunteers.serviceevent",
                        verbose_name="志愿服务活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务人数确认",
                "verbose_name_plural": "服务人数确认",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ServiceRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("service", "服务"),
                            ("correction", "更正"),
                            ("void", "作废"),
                        ],
                        default="service",
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("served_on", models.DateField(verbose_name="服务日期")),
                (
                    "length",
                    models.PositiveSmallIntegerField(verbose_name="活动时长（分钟）"),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(verbose_name="服务时长（分钟）"),
                ),
                ("arrived_at", models.DateTimeField(null=True, verbose_name="到场")),
                ("left_at", models.DateTimeField(null=True, verbose_name="离开")),
                (
                    "evidence_in",
                    models.CharField(
                        choices=[
                            ("none", "没有签到"),
                            ("code", "签到码"),
                            ("roster", "队长点名"),
                            ("filled", "队长补填"),
                            ("proof", "事后佐证"),
                        ],
                        max_length=10,
                        verbose_name="到场依据",
                    ),
                ),
                (
                    "evidence_out",
                    models.CharField(
                        choices=[
                            ("none", "没有签到"),
                            ("code", "签到码"),
                            ("roster", "队长点名"),
                            ("filled", "队长补填"),
                            ("proof", "事后佐证"),
                        ],
                        max_length=10,
                        verbose_name="离开依据",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="说明"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unproven", "待佐证"),
                            ("recorded", "待确认"),
                            ("returned", "已退回"),
                            ("confirmed", "已确认"),
                            ("dropped", "已撤下"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="登记时间",
                    ),
                ),
                (
                    "returned_reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="退回原因"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(null=True, verbose_name="确认时间"),
                ),
                (
                    "public_until",
                    models.DateTimeField(null=True, verbose_name="公示至"),
                ),
                (
                    "number",
                    models.BigIntegerField(
                        null=True, unique=True, verbose_name="链上序号"
                    ),
                ),
                (
                    "previous",
                    models.CharField(
                        blank=True, default="", max_length=64, verbose_name="前一条摘要"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        blank=True, default="", max_length=64, verbose_name="摘要"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="volunteers.serviceevent",
                        verbose_name="志愿服务活动",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="volunteers.post",
                        verbose_name="岗位",
                    ),
                ),
                (
                    "proved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="佐证人",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "signup",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signups.signup",
                        verbose_name="报名",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="volunteers.servicerecord",
                        verbose_name="代替",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_records",
                        to="members.worker",
                        verbose_name="志愿者",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务时长",
                "verbose_name_plural": "服务时长",
                "ordering": ["-served_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="HoursDispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="说明")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待处理"),
                            ("upheld", "同意更正"),
                            ("dismissed", "维持原时长"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="提出时间",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="答复时间"
                    ),
                ),
                (
                    "answer",
                    models.CharField(blank=True, max_length=200, verbose_name="答复"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="volunteers.servicerecord",
                        verbose_name="服务时长",
                    ),
                ),
            ],
            options={
                "verbose_name": "时长异议",
                "verbose_name_plural": "时长异议",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="DayEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("in", "到场"), ("out", "离开")],
                        max_length=3,
                        verbose_name="到场或离开",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("reason", models.CharField(max_length=100, verbose_name="原因")),
                (
                    "noted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="登记时间",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "signup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="day_entries",
                        to="signups.signup",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "点名登记",
                "verbose_name_plural": "点名登记",
                "ordering": ["signup", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="volunteers_dayentry_says_why",
                        violation_error_message="请写明原因。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["in", "out"])),
                        name="volunteers_dayentry_side_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dayentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bd3d08b54f9e527bd7bb94070e286032235377d7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_df116",
                    table="volunteers_dayentry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="serviceevent",
            index=models.Index(
                fields=["team", "-starts_at"], name="volunteers_event_of_team"
            ),
        ),
        migrations.AddIndex(
            model_name="serviceevent",
            index=models.Index(fields=["starts_at"], name="volunteers_event_starts"),
        ),
        migrations.AddConstraint(
            model_name="serviceevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True),
                    models.Q(("place", ""), _negated=True),
                ),
                name="volunteers_serviceevent_has_title",
                violation_error_message="请填写服务名称和地点。",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("starts_at")),
                    (
                        "ends_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts_at"),
                            "+",
                            models.Value(datetime.timedelta(days=1)),
                        ),
                    ),
                ),
                name="volunteers_serviceevent_length_sane",
                violation_error_message="结束应晚于开始，一次服务不超过24小时。",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("called_off_at__isnull", True), ("called_off_reason", "")
                    ),
                    models.Q(
                        ("called_off_at__isnull", False),
                        ("closed_at__isnull", True),
                        models.Q(("called_off_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="volunteers_serviceevent_called_off_says_why",
                violation_error_message="请填写取消原因。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="serviceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,contact_cipher,contact_name,updated_at}'); RETURN NULL;",
                    hash="94d70dc9cf8c69b83a08ae78ea9f9c61aa48b5bf",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_1fae1",
                    table="volunteers_serviceevent",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                fields=("event", "name"),
                name="volunteers_post_name_once",
                violation_error_message="同一次服务的岗位不能同名。",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="volunteers_post_has_name",
                violation_error_message="请填写岗位名称。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="ed0073f2fcb694d3a4f9f4fddd637ce44ee51d5b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_5ffb5",
                    table="volunteers_post",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventphoto",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="b47ae16f756fd8222e9b6338fd25afe852855c24",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_439d6",
                    table="volunteers_eventphoto",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="countersign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("people__gte", 1),
                    ("people__lte", 1000000),
                    ("person_times__gte", models.F("people")),
                    ("person_times__lte", 1000000),
                ),
                name="volunteers_countersign_figures_sane",
                violation_error_message="人数至少为1，人次不能少于人数。",
            ),
        ),
        migrations.AddConstraint(
            model_name="countersign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", True),
                        ("signer", ""),
                        ("state", "waiting"),
                    ),
                    models.Q(
                        models.Q(("state", "waiting"), _negated=True),
                        ("answered_at__isnull", False),
                        models.Q(("signer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="volunteers_countersign_answered_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="countersign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "disputed"), _negated=True),
                    models.Q(("remark", ""), _negated=True),
                    _connector="OR",
                ),
                name="volunteers_countersign_disputed_says_why",
                violation_error_message="请写明哪里不对。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countersign",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,link_digest,remark,signer,updated_at}'); RETURN NULL;",
                    hash="f451302a8564310ee1152dc081f39d01c98e39d9",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_37db7",
                    table="volunteers_countersign",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countersign",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'signed')",
                    func="\n                    RAISE EXCEPTION 'what a host has confirmed stays as it was'\n                    USING ERRCODE = 'check_violation',\n                          CONSTRAINT = 'volunteers_countersign_keeps';\n                ",
                    hash="9bdceb5213a59854dc9f2e864b74962ad7298a1c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_keeps_93614",
                    table="volunteers_countersign",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="servicerecord",
            index=models.Index(
                fields=["worker", "-served_on"], name="volunteers_record_of_worker"
            ),
        ),
        migrations.AddIndex(
            model_name="servicerecord",
            index=models.Index(
                condition=models.Q(("state", "confirmed"), _negated=True),
                fields=["state", "recorded_at"],
                name="volunteers_record_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="servicerecord",
            index=models.Index(
                condition=models.Q(("state", "confirmed")),
                fields=["public_until"],
                name="volunteers_record_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("supersedes__isnull", True),
                    models.Q(("state", "dropped"), _negated=True),
                ),
                fields=("event", "worker"),
                name="volunteers_servicerecord_once",
                violation_error_message="这次服务已为该志愿者登记过时长。",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "dropped"), _negated=True),
                fields=("supersedes",),
                name="volunteers_servicerecord_superseded_once",
                violation_error_message="这条时长已在更正。",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__lte", models.F("length"))),
                name="volunteers_servicerecord_within_length",
                violation_error_message="服务时长不能超过活动时长。",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("recorded_by")), _negated=True),
                    _connector="OR",
                ),
                name="volunteers_servicerecord_recorder_not_confirmer",
                violation_error_message="登记人不能确认自己登记的时长。",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    ("proved_by__isnull", True),
                    models.Q(("confirmed_by", models.F("proved_by")), _negated=True),
                    _connector="OR",
                ),
                name="volunteers_servicerecord_prover_not_confirmer",
                violation_error_message="佐证人不能确认自己佐证的时长。",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("minutes__gte", 1),
                        ("sort", "service"),
                        ("supersedes__isnull", True),
                    ),
                    models.Q(
                        ("sort", "service"),
                        ("state__in", ["unproven", "dropped"]),
                        ("supersedes__isnull", True),
                    ),
                    models.Q(
                        ("minutes__gte", 1),
                        ("sort", "correction"),
                        ("supersedes__isnull", False),
                    ),
                    models.Q(
                        ("minutes", 0), ("sort", "void"), ("supersedes__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="volunteers_servicerecord_sort_as_minutes",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["unproven", "dropped"]),
                    models.Q(("evidence_in", "none"), _negated=True),
                    _connector="OR",
                ),
                name="volunteers_servicerecord_proven",
                violation_error_message="没有签到的，先补佐证材料。",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("digest__regex", "^[0-9a-f]{64}$"),
                        ("number__isnull", False),
                        ("previous__regex", "^[0-9a-f]{64}$"),
                        ("public_until__isnull", False),
                        ("state", "confirmed"),
                    ),
                    models.Q(
                        models.Q(("state", "confirmed"), _negated=True),
                        ("confirmed_at__isnull", True),
                        ("confirmed_by__isnull", True),
                        ("digest", ""),
                        ("number__isnull", True),
                        ("previous", ""),
                        ("public_until__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="volunteers_servicerecord_confirmed_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicerecord",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,reason,returned_reason,updated_at}'); RETURN NULL;",
                    hash="1c6e328f6f1027e4dc416e8794f22690376f55ca",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_ba3a0",
                    table="volunteers_servicerecord",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicerecord",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'DELETE' OR OLD.state = 'confirmed' THEN\n                        RAISE EXCEPTION 'a confirmed record of hours never changes'\n                        USING ERRCODE = 'check_violation',\n                              CONSTRAINT = 'volunteers_servicerecord_keeps';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="af6638ed6ee64b3be0a66f262b70539292be83aa",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_keeps_1d2a3",
                    table="volunteers_servicerecord",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicerecord",
            trigger=pgtrigger.compiler.Trigger(
                name="fits",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NEW.length <> (\n                        SELECT extract(epoch FROM e.ends_at - e.starts_at)::int / 60\n                        FROM volunteers_serviceevent e WHERE e.id = NEW.event_id)\n                    THEN\n                        RAISE EXCEPTION 'the length of a record is that of its service'\n                        USING ERRCODE = 'check_violation',\n                              CONSTRAINT = 'volunteers_servicerecord_of_its_service';\n                    END IF;\n                    IF EXISTS (SELECT FROM members_worker w\n                               WHERE w.id = NEW.worker_id\n                                   AND w.user_id = NEW.confirmed_by_id)\n                    THEN\n                        RAISE EXCEPTION 'nobody confirms hours of their own'\n                        USING ERRCODE = 'check_violation',\n                              CONSTRAINT = 'volunteers_servicerecord_not_ones_own';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="d8e7ecba7569365febb8c33cac71d0539b2e6aab",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_fits_324cc",
                    table="volunteers_servicerecord",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursdispute",
            constraint=models.UniqueConstraint(
                fields=("record",),
                name="volunteers_hoursdispute_one_each",
                violation_error_message="已经提出过，请等候答复。",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursdispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="volunteers_hoursdispute_has_text",
                violation_error_message="请说明哪里不对。",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursdispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", True),
                        ("answered_by__isnull", True),
                        ("state", "open"),
                    ),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="volunteers_hoursdispute_answered_whole",
                violation_error_message="请写明答复。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hoursdispute",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{answer,changed_at,text,updated_at}'); RETURN NULL;",
                    hash="bc07632ffc548bf6d6efc980d10279adf53fbe06",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_93de4",
                    table="volunteers_hoursdispute",
                    when="AFTER",
                ),
            ),
        ),
    ]
