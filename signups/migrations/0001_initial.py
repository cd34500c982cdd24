import datetime

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import common.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Occasion",
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
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                (
                    "place",
                    models.CharField(blank=True, max_length=100, verbose_name="地点"),
                ),
                (
                    "cancelled_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="取消时间"
                    ),
                ),
                (
                    "moves",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="改期次数"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="变动时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "场次",
                "verbose_name_plural": "场次",
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RulesEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("class", "培训班"),
                            ("programme", "演出活动"),
                            ("slot", "场地时段"),
                            ("post", "志愿服务岗位"),
                            ("meet", "联谊活动"),
                        ],
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(editable=False, verbose_name="版本"),
                ),
                (
                    "cancel_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="首场开始前多少小时可以自行取消，0为开始前都可以。",
                        verbose_name="取消截止",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="一行一条。", verbose_name="规则"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="发布时间",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeatPool",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("general", "普通名额"),
                            ("audience", "预留名额"),
                            ("union", "单位预留"),
                            ("door", "现场名额"),
                        ],
                        default="general",
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=50, editable=False, verbose_name="次序"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("frontline", "一线职工"),
                            ("migrant", "农民工"),
                            ("either", "一线职工、农民工"),
                        ],
                        max_length=10,
                        verbose_name="预留给",
                    ),
                ),
                ("capacity", models.PositiveIntegerField(verbose_name="名额")),
                (
                    "taken",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="已占"
                    ),
                ),
                (
                    "owed",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="待递补"
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(
                        blank=True,
                        help_text="此后未用完的预留名额向所有人开放。",
                        null=True,
                        verbose_name="预留至",
                    ),
                ),
            ],
            options={
                "verbose_name": "名额",
                "verbose_name_plural": "名额",
                "ordering": ["offering", "position"],
            },
        ),
        migrations.CreateModel(
            name="SeatPoolEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("general", "普通名额"),
                            ("audience", "预留名额"),
                            ("union", "单位预留"),
                            ("door", "现场名额"),
                        ],
                        default="general",
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=50, editable=False, verbose_name="次序"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("frontline", "一线职工"),
                            ("migrant", "农民工"),
                            ("either", "一线职工、农民工"),
                        ],
                        max_length=10,
                        verbose_name="预留给",
                    ),
                ),
                ("capacity", models.PositiveIntegerField(verbose_name="名额")),
                (
                    "taken",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="已占"
                    ),
                ),
                (
                    "owed",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="待递补"
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(
                        blank=True,
                        help_text="此后未用完的预留名额向所有人开放。",
                        null=True,
                        verbose_name="预留至",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Signup",
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
                    "seats",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="名额"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "待摇号"),
                            ("waiting", "候补"),
                            ("offered", "待确认"),
                            ("seated", "已报名"),
                            ("completed", "已完成"),
                            ("no_show", "未到"),
                            ("cancelled", "已取消"),
                            ("cancelled_late", "逾期取消"),
                            ("lapsed", "逾期未确认"),
                            ("declined", "已放弃"),
                            ("not_drawn", "未中签"),
                            ("called_off", "已停办"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("busy", common.fields.TstzMultiRangeField(editable=False, null=True)),
                (
                    "queue_no",
                    models.IntegerField(
                        db_default=2147483647, default=2147483647, editable=False
                    ),
                ),
                (
                    "choice_rank",
                    models.PositiveSmallIntegerField(editable=False, null=True),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, editable=False
                    ),
                ),
                (
                    "promoted_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="递补时间"
                    ),
                ),
                (
                    "offer_until",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="确认截止"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="报名时间",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="变动时间",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="结束时间"
                    ),
                ),
                (
                    "cancelled_reason",
                    models.CharField(
                        blank=True,
                        db_default="",
                        editable=False,
                        max_length=200,
                        verbose_name="取消原因",
                    ),
                ),
            ],
            options={
                "verbose_name": "报名",
                "verbose_name_plural": "报名",
                "ordering": ["-pk"],
                "permissions": [("view_all_signups", "查看所有报名")],
            },
        ),
        migrations.CreateModel(
            name="SignupEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="名额"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "待摇号"),
                            ("waiting", "候补"),
                            ("offered", "待确认"),
                            ("seated", "已报名"),
                            ("completed", "已完成"),
                            ("no_show", "未到"),
                            ("cancelled", "已取消"),
                            ("cancelled_late", "逾期取消"),
                            ("lapsed", "逾期未确认"),
                            ("declined", "已放弃"),
                            ("not_drawn", "未中签"),
                            ("called_off", "已停办"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "queue_no",
                    models.IntegerField(
                        db_default=2147483647, default=2147483647, editable=False
                    ),
                ),
                (
                    "choice_rank",
                    models.PositiveSmallIntegerField(editable=False, null=True),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, editable=False
                    ),
                ),
                (
                    "promoted_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="递补时间"
                    ),
                ),
                (
                    "offer_until",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="确认截止"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="报名时间",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="变动时间",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="结束时间"
                    ),
                ),
                (
                    "cancelled_reason",
                    models.CharField(
                        blank=True,
                        db_default="",
                        editable=False,
                        max_length=200,
                        verbose_name="取消原因",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Attendance",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("present", "到场"),
                            ("late", "迟到"),
                            ("excused", "请假"),
                            ("absent", "缺席"),
                            ("made_up", "已补课"),
                        ],
                        max_length=10,
                        verbose_name="到场",
                    ),
                ),
                (
                    "people",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="到场人数"
                    ),
                ),
                (
                    "arrived_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="签到时间"
                    ),
                ),
                (
                    "left_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="签退时间"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "made_up_at",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signups.occasion",
                        verbose_name="补课场次",
                    ),
                ),
                (
                    "occasion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="signups.occasion",
                        verbose_name="场次",
                    ),
                ),
            ],
            options={
                "verbose_name": "考勤",
                "verbose_name_plural": "考勤",
                "ordering": ["occasion", "signup"],
            },
        ),
        migrations.CreateModel(
            name="Limit",
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
                ("title", models.CharField(max_length=100, verbose_name="名称")),
                ("most", models.PositiveIntegerField(default=1, verbose_name="最多")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("signups", "项数"),
                            ("seats", "名额数"),
                            ("minutes", "分钟"),
                        ],
                        default="signups",
                        max_length=10,
                        verbose_name="计什么",
                    ),
                ),
                (
                    "per",
                    models.CharField(
                        choices=[
                            ("all", "全部"),
                            ("day", "每天"),
                            ("week", "每周"),
                            ("month", "每月"),
                        ],
                        default="all",
                        max_length=10,
                        verbose_name="计多久",
                    ),
                ),
            ],
            options={
                "verbose_name": "限报",
                "verbose_name_plural": "限报",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("most__gte", 1), ("most__lte", 100000)),
                        name="signups_limit_most_sane",
                        violation_error_message="每人限报至少为1。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AttendanceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("present", "到场"),
                            ("late", "迟到"),
                            ("excused", "请假"),
                            ("absent", "缺席"),
                            ("made_up", "已补课"),
                        ],
                        max_length=10,
                        verbose_name="到场",
                    ),
                ),
                (
                    "people",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="到场人数"
                    ),
                ),
                (
                    "arrived_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="签到时间"
                    ),
                ),
                (
                    "left_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="签退时间"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="signups.attendance",
                    ),
                ),
                (
                    "made_up_at",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="signups.occasion",
                        verbose_name="补课场次",
                    ),
                ),
                (
                    "occasion",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="signups.occasion",
                        verbose_name="场次",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Offering",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("class", "培训班"),
                            ("programme", "演出活动"),
                            ("slot", "场地时段"),
                            ("post", "志愿服务岗位"),
                            ("meet", "联谊活动"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("url_name", models.CharField(editable=False, max_length=80)),
                ("url_arg", models.BigIntegerField(editable=False, null=True)),
                (
                    "notice",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="一行一条。",
                        verbose_name="报名须知",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("first", "先到先得"), ("draw", "摇号")],
                        default="first",
                        editable=False,
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("opens_at", models.DateTimeField(verbose_name="报名开始")),
                ("closes_at", models.DateTimeField(verbose_name="报名截止")),
                (
                    "cancel_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="可取消至"
                    ),
                ),
                (
                    "max_seats",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="每人最多名额"
                    ),
                ),
                (
                    "max_block",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="单位最多名额"
                    ),
                ),
                (
                    "rest_after",
                    models.DurationField(
                        default=datetime.timedelta(0),
                        editable=False,
                        verbose_name="结束后休息",
                    ),
                ),
                (
                    "is_offered",
                    models.BooleanField(default=False, verbose_name="递补须确认"),
                ),
                (
                    "saves_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="为同行人留座至"
                    ),
                ),
                (
                    "is_listed",
                    models.BooleanField(
                        default=True,
                        help_text="未公开的不能报名，也没有人看得到。",
                        verbose_name="已公开",
                    ),
                ),
                (
                    "is_members_only",
                    models.BooleanField(default=True, verbose_name="限工会会员"),
                ),
                (
                    "waitlist_limit",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空为不限，0为不设候补。",
                        null=True,
                        verbose_name="候补上限",
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="停办时间"
                    ),
                ),
                (
                    "withdrawn_reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="停办原因"
                    ),
                ),
                (
                    "busy",
                    common.fields.TstzMultiRangeField(default="{}", editable=False),
                ),
                (
                    "starts_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="首场开始"
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="末场结束"
                    ),
                ),
                (
                    "limits",
                    models.ManyToManyField(
                        blank=True,
                        related_name="offerings",
                        to="signups.limit",
                        verbose_name="限报",
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True,
                        help_text="留空为市总工会。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offerings",
                        to="members.unionorg",
                        verbose_name="主办工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "报名项目",
                "verbose_name_plural": "报名项目",
                "ordering": ["-opens_at", "pk"],
                "permissions": [
                    ("manage_class", "管理培训班的报名"),
                    ("manage_programme", "管理演出活动的报名"),
                    ("manage_slot", "管理场地时段的预约"),
                    ("manage_post", "管理志愿服务岗位的报名"),
                    ("manage_meet", "管理联谊活动的报名"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OccasionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                (
                    "place",
                    models.CharField(blank=True, max_length=100, verbose_name="地点"),
                ),
                (
                    "cancelled_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="取消时间"
                    ),
                ),
                (
                    "moves",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="改期次数"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="变动时间",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="signups.occasion",
                    ),
                ),
                (
                    "offering",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="signups.offering",
                        verbose_name="报名项目",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="occasion",
            name="offering",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="occasions",
                to="signups.offering",
                verbose_name="报名项目",
            ),
        ),
        migrations.CreateModel(
            name="Charge",
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
                ("period", models.DateField()),
                ("amount", models.PositiveIntegerField()),
                (
                    "limit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="signups.limit",
                    ),
                ),
                (
                    "offering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="charges",
                        to="signups.offering",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rules",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("class", "培训班"),
                            ("programme", "演出活动"),
                            ("slot", "场地时段"),
                            ("post", "志愿服务岗位"),
                            ("meet", "联谊活动"),
                        ],
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(editable=False, verbose_name="版本"),
                ),
                (
                    "cancel_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="首场开始前多少小时可以自行取消，0为开始前都可以。",
                        verbose_name="取消截止",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="一行一条。", verbose_name="规则"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="发布时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "报名规则",
                "verbose_name_plural": "报名规则",
                "ordering": ["kind", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "version"), name="signups_rules_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cancel_hours__lte", 720)),
                        name="signups_rules_cancel_hours_sane",
                        violation_error_message="取消截止应在首场开始前30天以内。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="创建时间"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, verbose_name="更新时间"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("class", "培训班"),
                            ("programme", "演出活动"),
                            ("slot", "场地时段"),
                            ("post", "志愿服务岗位"),
                            ("meet", "联谊活动"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("url_name", models.CharField(editable=False, max_length=80)),
                ("url_arg", models.BigIntegerField(editable=False, null=True)),
                (
                    "notice",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="一行一条。",
                        verbose_name="报名须知",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("first", "先到先得"), ("draw", "摇号")],
                        default="first",
                        editable=False,
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("opens_at", models.DateTimeField(verbose_name="报名开始")),
                ("closes_at", models.DateTimeField(verbose_name="报名截止")),
                (
                    "cancel_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="可取消至"
                    ),
                ),
                (
                    "max_seats",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="每人最多名额"
                    ),
                ),
                (
                    "max_block",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="单位最多名额"
                    ),
                ),
                (
                    "rest_after",
                    models.DurationField(
                        default=datetime.timedelta(0),
                        editable=False,
                        verbose_name="结束后休息",
                    ),
                ),
                (
                    "is_offered",
                    models.BooleanField(default=False, verbose_name="递补须确认"),
                ),
                (
                    "saves_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="为同行人留座至"
                    ),
                ),
                (
                    "is_listed",
                    models.BooleanField(
                        default=True,
                        help_text="未公开的不能报名，也没有人看得到。",
                        verbose_name="已公开",
                    ),
                ),
                (
                    "is_members_only",
                    models.BooleanField(default=True, verbose_name="限工会会员"),
                ),
                (
                    "waitlist_limit",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空为不限，0为不设候补。",
                        null=True,
                        verbose_name="候补上限",
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="停办时间"
                    ),
                ),
                (
                    "withdrawn_reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="停办原因"
                    ),
                ),
                (
                    "starts_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="首场开始"
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="末场结束"
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="留空为市总工会。",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.unionorg",
                        verbose_name="主办工会",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="signups.offering",
                    ),
                ),
                (
                    "rules",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="signups.rules",
                        verbose_name="报名规则",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="offering",
            name="rules",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offerings",
                to="signups.rules",
                verbose_name="报名规则",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rules",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_rulesevent" ("cancel_hours", "id", "kind", "made_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version") VALUES (NEW."cancel_hours", NEW."id", NEW."kind", NEW."made_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text", NEW."version"); RETURN NULL;',
                    hash="9e1d41a011e9806c35e7017e24190a330acabba4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_929bb",
                    table="signups_rules",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rules",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_rulesevent" ("cancel_hours", "id", "kind", "made_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version") VALUES (OLD."cancel_hours", OLD."id", OLD."kind", OLD."made_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."text", OLD."version"); RETURN NULL;',
                    hash="31391fd3a0184783fb066e12b6a91a2484777d54",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_12021",
                    table="signups_rules",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="rulesevent",
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
            model_name="rulesevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="signups.rules",
            ),
        ),
        migrations.AddField(
            model_name="seatpool",
            name="offering",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pools",
                to="signups.offering",
                verbose_name="报名项目",
            ),
        ),
        migrations.AddField(
            model_name="seatpool",
            name="union_org",
            field=models.ForeignKey(
                blank=True,
                db_column="union_code",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.unionorg",
                to_field="code",
                verbose_name="预留给单位",
            ),
        ),
        migrations.AddField(
            model_name="seatpoolevent",
            name="offering",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="signups.offering",
                verbose_name="报名项目",
            ),
        ),
        migrations.AddField(
            model_name="seatpoolevent",
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
            model_name="seatpoolevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="signups.seatpool",
            ),
        ),
        migrations.AddField(
            model_name="seatpoolevent",
            name="union_org",
            field=models.ForeignKey(
                blank=True,
                db_column="union_code",
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.unionorg",
                to_field="code",
                verbose_name="预留给单位",
            ),
        ),
        migrations.AddField(
            model_name="signup",
            name="asked_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.AddField(
            model_name="signup",
            name="offering",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signups",
                to="signups.offering",
                verbose_name="报名项目",
            ),
        ),
        migrations.AddField(
            model_name="signup",
            name="pool",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signups",
                to="signups.seatpool",
                verbose_name="名额种类",
            ),
        ),
        migrations.AddField(
            model_name="signup",
            name="union_org",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blocks",
                to="members.unionorg",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="signup",
            name="worker",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signups",
                to="members.worker",
                verbose_name="职工",
            ),
        ),
        migrations.AddField(
            model_name="attendanceevent",
            name="signup",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="signups.signup",
                verbose_name="报名",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="signup",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attendances",
                to="signups.signup",
                verbose_name="报名",
            ),
        ),
        migrations.AddField(
            model_name="signupevent",
            name="asked_by",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.AddField(
            model_name="signupevent",
            name="offering",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="signups.offering",
                verbose_name="报名项目",
            ),
        ),
        migrations.AddField(
            model_name="signupevent",
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
            model_name="signupevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="signups.signup",
            ),
        ),
        migrations.AddField(
            model_name="signupevent",
            name="pool",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="signups.seatpool",
                verbose_name="名额种类",
            ),
        ),
        migrations.AddField(
            model_name="signupevent",
            name="union_org",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.unionorg",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="signupevent",
            name="worker",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.worker",
                verbose_name="职工",
            ),
        ),
        migrations.AddConstraint(
            model_name="occasion",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="signups_occasion_ends_after_start",
                violation_error_message="结束时间应晚于开始时间。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="occasion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_occasionevent" ("cancelled_at", "changed_at", "ends_at", "id", "moves", "offering_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_at") VALUES (NEW."cancelled_at", NEW."changed_at", NEW."ends_at", NEW."id", NEW."moves", NEW."offering_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."starts_at"); RETURN NULL;',
                    hash="b2336f7e23d982538f54e75d87d1d5c47d5a1464",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ae710",
                    table="signups_occasion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="occasion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "signups_occasionevent" ("cancelled_at", "changed_at", "ends_at", "id", "moves", "offering_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_at") VALUES (NEW."cancelled_at", NEW."changed_at", NEW."ends_at", NEW."id", NEW."moves", NEW."offering_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."starts_at"); RETURN NULL;',
                    hash="03d2e4e8a4a8059542d68e4ffd391eae740d0e5e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fa515",
                    table="signups_occasion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="occasion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_occasionevent" ("cancelled_at", "changed_at", "ends_at", "id", "moves", "offering_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_at") VALUES (OLD."cancelled_at", OLD."changed_at", OLD."ends_at", OLD."id", OLD."moves", OLD."offering_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."starts_at"); RETURN NULL;',
                    hash="2ca02c7027642e48766eff95e956a43820d88e19",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2d367",
                    table="signups_occasion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                fields=("offering", "limit", "period"), name="signups_charge_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 1)),
                name="signups_charge_amount_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                name="signups_offering_window_runs_forward",
                violation_error_message="报名截止应晚于报名开始。",
            ),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("max_block__range", (0, 500)), ("max_seats__range", (1, 20))
                ),
                name="signups_offering_seats_sane",
                violation_error_message="每人名额应为1至20，单位名额不超过500。",
            ),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["first", "draw"])),
                name="signups_offering_mode_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["class", "programme", "slot", "post", "meet"])
                ),
                name="signups_offering_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rest_after__gte", datetime.timedelta(0)),
                    ("rest_after__lte", datetime.timedelta(days=1)),
                ),
                name="signups_offering_rest_sane",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offering",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_offeringevent" ("cancel_until", "closes_at", "created_at", "ends_at", "id", "is_listed", "is_members_only", "is_offered", "kind", "max_block", "max_seats", "mode", "notice", "opens_at", "organiser_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rest_after", "rules_id", "saves_until", "starts_at", "title", "updated_at", "url_arg", "url_name", "waitlist_limit", "withdrawn_at", "withdrawn_reason") VALUES (NEW."cancel_until", NEW."closes_at", NEW."created_at", NEW."ends_at", NEW."id", NEW."is_listed", NEW."is_members_only", NEW."is_offered", NEW."kind", NEW."max_block", NEW."max_seats", NEW."mode", NEW."notice", NEW."opens_at", NEW."organiser_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rest_after", NEW."rules_id", NEW."saves_until", NEW."starts_at", NEW."title", NEW."updated_at", NEW."url_arg", NEW."url_name", NEW."waitlist_limit", NEW."withdrawn_at", NEW."withdrawn_reason"); RETURN NULL;',
                    hash="ef987994d0e3a6e14f39fe83ccc5af50e1ca388d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_76ddd",
                    table="signups_offering",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offering",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."cancel_until" IS DISTINCT FROM (NEW."cancel_until") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_listed" IS DISTINCT FROM (NEW."is_listed") OR OLD."is_members_only" IS DISTINCT FROM (NEW."is_members_only") OR OLD."is_offered" IS DISTINCT FROM (NEW."is_offered") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."max_block" IS DISTINCT FROM (NEW."max_block") OR OLD."max_seats" IS DISTINCT FROM (NEW."max_seats") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."notice" IS DISTINCT FROM (NEW."notice") OR OLD."opens_at" IS DISTINCT FROM (NEW."opens_at") OR OLD."organiser_id" IS DISTINCT FROM (NEW."organiser_id") OR OLD."rest_after" IS DISTINCT FROM (NEW."rest_after") OR OLD."rules_id" IS DISTINCT FROM (NEW."rules_id") OR OLD."saves_until" IS DISTINCT FROM (NEW."saves_until") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."url_arg" IS DISTINCT FROM (NEW."url_arg") OR OLD."url_name" IS DISTINCT FROM (NEW."url_name") OR OLD."waitlist_limit" IS DISTINCT FROM (NEW."waitlist_limit") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at") OR OLD."withdrawn_reason" IS DISTINCT FROM (NEW."withdrawn_reason"))',
                    func='INSERT INTO "signups_offeringevent" ("cancel_until", "closes_at", "created_at", "ends_at", "id", "is_listed", "is_members_only", "is_offered", "kind", "max_block", "max_seats", "mode", "notice", "opens_at", "organiser_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rest_after", "rules_id", "saves_until", "starts_at", "title", "updated_at", "url_arg", "url_name", "waitlist_limit", "withdrawn_at", "withdrawn_reason") VALUES (NEW."cancel_until", NEW."closes_at", NEW."created_at", NEW."ends_at", NEW."id", NEW."is_listed", NEW."is_members_only", NEW."is_offered", NEW."kind", NEW."max_block", NEW."max_seats", NEW."mode", NEW."notice", NEW."opens_at", NEW."organiser_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rest_after", NEW."rules_id", NEW."saves_until", NEW."starts_at", NEW."title", NEW."updated_at", NEW."url_arg", NEW."url_name", NEW."waitlist_limit", NEW."withdrawn_at", NEW."withdrawn_reason"); RETURN NULL;',
                    hash="1119d168778cc5f29f6a4efdf7a648eb1d48531b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_46adf",
                    table="signups_offering",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offering",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_offeringevent" ("cancel_until", "closes_at", "created_at", "ends_at", "id", "is_listed", "is_members_only", "is_offered", "kind", "max_block", "max_seats", "mode", "notice", "opens_at", "organiser_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rest_after", "rules_id", "saves_until", "starts_at", "title", "updated_at", "url_arg", "url_name", "waitlist_limit", "withdrawn_at", "withdrawn_reason") VALUES (OLD."cancel_until", OLD."closes_at", OLD."created_at", OLD."ends_at", OLD."id", OLD."is_listed", OLD."is_members_only", OLD."is_offered", OLD."kind", OLD."max_block", OLD."max_seats", OLD."mode", OLD."notice", OLD."opens_at", OLD."organiser_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rest_after", OLD."rules_id", OLD."saves_until", OLD."starts_at", OLD."title", OLD."updated_at", OLD."url_arg", OLD."url_name", OLD."waitlist_limit", OLD."withdrawn_at", OLD."withdrawn_reason"); RETURN NULL;',
                    hash="1545fc1589af9b9e1c9d9cf4827f0211a72cce1c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_caf10",
                    table="signups_offering",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="seatpool",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owed__lte", models.F("taken")),
                    ("taken__lte", models.F("capacity")),
                ),
                name="signups_seatpool_counts_hold",
                violation_error_message="名额不能少于已报名人数。",
            ),
        ),
        migrations.AddConstraint(
            model_name="seatpool",
            constraint=models.UniqueConstraint(
                fields=("offering", "position"),
                name="signups_seatpool_order",
                violation_error_message="同一项的名额次序不能相同。",
            ),
        ),
        migrations.AddConstraint(
            model_name="seatpool",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("audience", ""),
                        ("kind", "general"),
                        ("union_org__isnull", True),
                        ("until__isnull", True),
                    ),
                    models.Q(
                        ("kind", "audience"),
                        ("union_org__isnull", True),
                        models.Q(("audience", ""), _negated=True),
                    ),
                    models.Q(
                        ("audience", ""),
                        ("kind", "union"),
                        ("union_org__isnull", False),
                    ),
                    models.Q(
                        ("audience", ""), ("kind", "door"), ("union_org__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="signups_seatpool_kind_says_for_whom",
                violation_error_message="预留名额须写明预留给谁，普通名额不写。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seatpool",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_seatpoolevent" ("audience", "capacity", "id", "kind", "offering_id", "owed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "taken", "union_code", "until") VALUES (NEW."audience", NEW."capacity", NEW."id", NEW."kind", NEW."offering_id", NEW."owed", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."taken", NEW."union_code", NEW."until"); RETURN NULL;',
                    hash="ca520b7b9136ada364cde0348ea05a70e82fca43",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_564c3",
                    table="signups_seatpool",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seatpool",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."union_code" IS DISTINCT FROM (NEW."union_code") OR OLD."until" IS DISTINCT FROM (NEW."until"))',
                    func='INSERT INTO "signups_seatpoolevent" ("audience", "capacity", "id", "kind", "offering_id", "owed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "taken", "union_code", "until") VALUES (NEW."audience", NEW."capacity", NEW."id", NEW."kind", NEW."offering_id", NEW."owed", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."taken", NEW."union_code", NEW."until"); RETURN NULL;',
                    hash="114ee9f75dcc8405729063eb599f9e3bf168d38f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fc2fc",
                    table="signups_seatpool",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seatpool",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_seatpoolevent" ("audience", "capacity", "id", "kind", "offering_id", "owed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "taken", "union_code", "until") VALUES (OLD."audience", OLD."capacity", OLD."id", OLD."kind", OLD."offering_id", OLD."owed", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."taken", OLD."union_code", OLD."until"); RETURN NULL;',
                    hash="dde9f9270487f11711d4eaa57c56f5a986c27aee",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5482e",
                    table="signups_seatpool",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(
                fields=["offering", "status", "queue_no", "id"],
                name="signups_signup_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(
                condition=models.Q(("status", "offered")),
                fields=["pool"],
                name="signups_signup_offers",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("worker__isnull", True),
                    ("union_org__isnull", True),
                    _connector="XOR",
                ),
                name="signups_signup_one_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("seats__range", (1, 20)),
                    models.Q(("seats__range", (1, 500)), ("worker__isnull", True)),
                    _connector="OR",
                ),
                name="signups_signup_seats_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True),
                        ("status__in", ("applied", "waiting", "offered", "seated")),
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        (
                            "status__in",
                            [
                                "completed",
                                "no_show",
                                "cancelled",
                                "cancelled_late",
                                "lapsed",
                                "declined",
                                "not_drawn",
                                "called_off",
                            ],
                        ),
                    ),
                    _connector="OR",
                ),
                name="signups_signup_ended_or_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("pool__isnull", False),
                        ("status__in", ["seated", "completed"]),
                        models.Q(
                            models.Q(
                                ("worker__isnull", False), ("busy__isnull", False)
                            ),
                            models.Q(("busy__isnull", True), ("worker__isnull", True)),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("busy__isnull", True),
                        ("pool__isnull", False),
                        ("promoted_at__isnull", False),
                        ("status", "offered"),
                    ),
                    models.Q(
                        ("status", "no_show"),
                        models.Q(
                            ("worker__isnull", True),
                            ("busy__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("busy__isnull", True),
                        ("pool__isnull", True),
                        (
                            "status__in",
                            [
                                "applied",
                                "waiting",
                                "cancelled",
                                "cancelled_late",
                                "lapsed",
                                "declined",
                                "not_drawn",
                                "called_off",
                            ],
                        ),
                    ),
                    _connector="OR",
                ),
                name="signups_signup_holds_what_its_state_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("worker", "offering"),
                name="signups_signup_one_live_each",
                violation_error_message="该职工已报名此项。",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("union_org__isnull", False)
                ),
                fields=("union_org", "offering"),
                name="signups_signup_one_live_block",
                violation_error_message="该单位已报名此项。",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("busy__isnull", False)),
                expressions=[("worker", "="), ("busy", "&&")],
                name="signups_signup_no_clash",
                violation_error_message="与该职工已报名的时间冲突。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signup",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."cancelled_reason" IS DISTINCT FROM (NEW."cancelled_reason") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."choice_rank" IS DISTINCT FROM (NEW."choice_rank") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."offer_until" IS DISTINCT FROM (NEW."offer_until") OR OLD."offering_id" IS DISTINCT FROM (NEW."offering_id") OR OLD."pool_id" IS DISTINCT FROM (NEW."pool_id") OR OLD."promoted_at" IS DISTINCT FROM (NEW."promoted_at") OR OLD."queue_no" IS DISTINCT FROM (NEW."queue_no") OR OLD."seats" IS DISTINCT FROM (NEW."seats") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."union_org_id" IS DISTINCT FROM (NEW."union_org_id") OR OLD."weight" IS DISTINCT FROM (NEW."weight") OR OLD."worker_id" IS DISTINCT FROM (NEW."worker_id"))',
                    func='INSERT INTO "signups_signupevent" ("asked_by_id", "cancelled_reason", "changed_at", "choice_rank", "created_at", "ended_at", "id", "offer_until", "offering_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "promoted_at", "queue_no", "seats", "status", "union_org_id", "weight", "worker_id") VALUES (NEW."asked_by_id", NEW."cancelled_reason", NEW."changed_at", NEW."choice_rank", NEW."created_at", NEW."ended_at", NEW."id", NEW."offer_until", NEW."offering_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pool_id", NEW."promoted_at", NEW."queue_no", NEW."seats", NEW."status", NEW."union_org_id", NEW."weight", NEW."worker_id"); RETURN NULL;',
                    hash="d77b4ced34d1411a9f8c9a9114a35676b4db9173",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ceede",
                    table="signups_signup",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signup",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_signupevent" ("asked_by_id", "cancelled_reason", "changed_at", "choice_rank", "created_at", "ended_at", "id", "offer_until", "offering_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "promoted_at", "queue_no", "seats", "status", "union_org_id", "weight", "worker_id") VALUES (OLD."asked_by_id", OLD."cancelled_reason", OLD."changed_at", OLD."choice_rank", OLD."created_at", OLD."ended_at", OLD."id", OLD."offer_until", OLD."offering_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pool_id", OLD."promoted_at", OLD."queue_no", OLD."seats", OLD."status", OLD."union_org_id", OLD."weight", OLD."worker_id"); RETURN NULL;',
                    hash="4e58f8a6e37bac572592243a042bb8f8a7f89e2f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_91ce6",
                    table="signups_signup",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("signup", "occasion"),
                name="signups_attendance_once",
                violation_error_message="这一场已登记过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["present", "late", "excused", "absent", "made_up"])
                ),
                name="signups_attendance_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__range", (0, 500))),
                name="signups_attendance_people_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("made_up_at__isnull", False), ("state", "made_up")),
                    models.Q(
                        models.Q(("state", "made_up"), _negated=True),
                        ("made_up_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="signups_attendance_made_up_says_where",
                violation_error_message="补课须写明补在哪一场。",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_at__isnull", True),
                    ("left_at__gte", models.F("arrived_at")),
                    _connector="OR",
                ),
                name="signups_attendance_leaves_after_coming",
                violation_error_message="签退应晚于签到。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_attendanceevent" ("arrived_at", "id", "left_at", "made_up_at_id", "noted_by_id", "occasion_id", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signup_id", "state") VALUES (NEW."arrived_at", NEW."id", NEW."left_at", NEW."made_up_at_id", NEW."noted_by_id", NEW."occasion_id", NEW."people", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."signup_id", NEW."state"); RETURN NULL;',
                    hash="300ed4be70b4d1a698a042049557cf79915fb9b1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c1ab3",
                    table="signups_attendance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "signups_attendanceevent" ("arrived_at", "id", "left_at", "made_up_at_id", "noted_by_id", "occasion_id", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signup_id", "state") VALUES (NEW."arrived_at", NEW."id", NEW."left_at", NEW."made_up_at_id", NEW."noted_by_id", NEW."occasion_id", NEW."people", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."signup_id", NEW."state"); RETURN NULL;',
                    hash="a17dc995d5aa45c4798cefe3517a6ec8d8c5da34",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_49baf",
                    table="signups_attendance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signups_attendanceevent" ("arrived_at", "id", "left_at", "made_up_at_id", "noted_by_id", "occasion_id", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signup_id", "state") VALUES (OLD."arrived_at", OLD."id", OLD."left_at", OLD."made_up_at_id", OLD."noted_by_id", OLD."occasion_id", OLD."people", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."signup_id", OLD."state"); RETURN NULL;',
                    hash="5d61634b25bb08974ee5152e6243760e107c4faf",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b1cfc",
                    table="signups_attendance",
                    when="AFTER",
                ),
            ),
        ),
    ]
