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
import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0001_initial"),
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
                        db_default=2147483647,
                        default=2147483647,
                        editable=False,
                        verbose_name="排队号",
                    ),
                ),
                (
                    "choice_rank",
                    models.PositiveSmallIntegerField(
                        editable=False, null=True, verbose_name="志愿顺序"
                    ),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="抽签权重"
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
                (
                    "url_name",
                    models.CharField(
                        editable=False, max_length=80, verbose_name="页面"
                    ),
                ),
                (
                    "url_arg",
                    models.BigIntegerField(
                        editable=False, null=True, verbose_name="页面参数"
                    ),
                ),
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="596603d351a6d59d967f47ae02a74f475ecbc888",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_history_63627",
                    table="signups_rules",
                    when="AFTER",
                ),
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
            model_name="attendance",
            name="signup",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attendances",
                to="signups.signup",
                verbose_name="报名",
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="9cbe4f850fd6816815e97f185e040c1e84a1c7e9",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_2dc4b",
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{busy,changed_at,updated_at}'); RETURN NULL;",
                    hash="f72a8010c6fbd12078223db0cae6b601f39e1d2d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_cdf89",
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,owed,taken,updated_at}'); RETURN NULL;",
                    hash="42a6795e99fe431966c35b715a1f63fda77084af",
                    operation='INSERT OR UPDATE OF "capacity", "audience", "union_code", "until" OR DELETE',
                    pgid="pgtrigger_history_4cdfc",
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{busy,cancelled_reason,changed_at,updated_at}'); RETURN NULL;",
                    hash="f10376f2ef201cb760e1884cff5ba4d2b275e1a1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_history_afe04",
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="40031e5edab68ae76c80d94c29c8b2cf14fbc884",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_08d55",
                    table="signups_attendance",
                    when="AFTER",
                ),
            ),
        ),
    ]
