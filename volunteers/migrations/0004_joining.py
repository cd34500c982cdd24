import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_union_short_names"),
        ("volunteers", "0003_searching"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JoinRequest",
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
                        choices=[("worker", "职工申请"), ("team", "队长邀请")],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                (
                    "message",
                    models.CharField(blank=True, max_length=200, verbose_name="附言"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待答复"),
                            ("accepted", "已同意"),
                            ("declined", "未同意"),
                            ("withdrawn", "已撤回"),
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
            ],
            options={
                "verbose_name": "入队申请",
                "verbose_name_plural": "入队申请",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportedFigure",
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
                    "of",
                    models.CharField(
                        choices=[
                            ("teams", "志愿服务队"),
                            ("people", "志愿者"),
                            ("services", "志愿服务活动"),
                            ("served", "服务职工群众"),
                        ],
                        max_length=10,
                        unique=True,
                        verbose_name="项目",
                    ),
                ),
                ("value", models.PositiveIntegerField(verbose_name="数")),
                (
                    "qualifier",
                    models.CharField(
                        blank=True,
                        choices=[("", ""), ("over", "余"), ("nearly", "近")],
                        default="",
                        max_length=10,
                        verbose_name="约数",
                    ),
                ),
                ("unit", models.CharField(max_length=20, verbose_name="单位")),
                (
                    "source",
                    models.CharField(
                        help_text="例如：《攀枝花日报》2018年6月1日。",
                        max_length=100,
                        verbose_name="出处",
                    ),
                ),
            ],
            options={
                "verbose_name": "上报数字",
                "verbose_name_plural": "上报数字",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="VolunteerProfile",
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
                    "free",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="有空的时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "志愿者资料",
                "verbose_name_plural": "志愿者资料",
            },
        ),
        migrations.AlterModelOptions(
            name="membership",
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("export_members", "导出队员名单"),
                    ("call_members", "查看队员手机号"),
                ],
                "verbose_name": "队员",
                "verbose_name_plural": "队员",
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="agreed_on",
            field=models.DateField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="本人同意公开全名的日期",
            ),
        ),
        migrations.AddField(
            model_name="volunteerteam",
            name="honours",
            field=models.TextField(
                blank=True,
                help_text="每项一行。",
                max_length=1000,
                verbose_name="队伍荣誉",
            ),
        ),
        migrations.AddField(
            model_name="volunteerteam",
            name="join_mode",
            field=models.CharField(
                choices=[
                    ("request", "申请，队长同意后加入"),
                    ("invitation", "队长邀请"),
                    ("free", "自由加入"),
                    ("closed", "不招新"),
                ],
                default="request",
                max_length=10,
                verbose_name="加入方式",
            ),
        ),
        migrations.AddField(
            model_name="volunteerteam",
            name="news_path",
            field=models.CharField(
                blank=True,
                help_text="例如：/news/series/3/。队伍页面会给出链接。",
                max_length=100,
                verbose_name="本站报道的地址",
            ),
        ),
        migrations.AlterField(
            model_name="volunteerteam",
            name="is_recruiting",
            field=models.BooleanField(
                default=False,
                help_text="在队伍名录里标出“正在招募”，排在前面。",
                verbose_name="正在招募",
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteerteam",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_recruiting", False),
                    ("join_mode__in", ["request", "free"]),
                    _connector="OR",
                ),
                name="volunteers_volunteerteam_recruits_openly",
                violation_error_message="正在招募的队伍，加入方式须为“申请”或“自由加入”。",
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteerteam",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("news_path", ""),
                    ("news_path__startswith", "/news/"),
                    _connector="OR",
                ),
                name="volunteers_volunteerteam_news_of_this_site",
                violation_error_message="请填写本站新闻的地址，以/news/开头。",
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="答复人",
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提出人",
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="join_requests",
                to="volunteers.volunteerteam",
                verbose_name="志愿服务队",
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="worker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="join_requests",
                to="members.worker",
                verbose_name="职工",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportedfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", ""), _negated=True),
                    models.Q(("unit", ""), _negated=True),
                ),
                name="volunteers_reportedfigure_has_source",
                violation_error_message="请填写单位和出处。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reportedfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="a3f3517778cda5d0d82f9631973ad8bf70323d5d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_847de",
                    table="volunteers_reportedfigure",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="volunteerprofile",
            name="districts",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to="members.unionorg",
                verbose_name="方便去的地方",
            ),
        ),
        migrations.AddField(
            model_name="volunteerprofile",
            name="skills",
            field=models.ManyToManyField(
                blank=True,
                related_name="profiles",
                to="volunteers.skill",
                verbose_name="我会的",
            ),
        ),
        migrations.AddField(
            model_name="volunteerprofile",
            name="worker",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="volunteer_profile",
                to="members.worker",
                verbose_name="职工",
            ),
        ),
        migrations.AddIndex(
            model_name="joinrequest",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["team", "asked_at"],
                name="volunteers_joinrequest_open",
            ),
        ),
        migrations.AddIndex(
            model_name="joinrequest",
            index=models.Index(
                fields=["asked_at"], name="volunteers_joinrequest_asked"
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("team", "worker"),
                name="volunteers_joinrequest_one_open",
                violation_error_message="已有一项待答复的入队申请。",
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("answered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="volunteers_joinrequest_answered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    ("side", "team"),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="volunteers_joinrequest_declined_with_reason",
                violation_error_message="不同意时请写明原因，申请人会看到。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="joinrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,message,updated_at}'); RETURN NULL;",
                    hash="d27e1a2485cb0db5dc5f1636b6e7bc762dbc2a7d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_e1738",
                    table="volunteers_joinrequest",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteerprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "free__contained_by",
                        [
                            0,
                            1,
                            2,
                            3,
                            4,
                            5,
                            6,
                            7,
                            8,
                            9,
                            10,
                            11,
                            12,
                            13,
                            14,
                            15,
                            16,
                            17,
                            18,
                            19,
                            20,
                        ],
                    )
                ),
                name="volunteers_volunteerprofile_times_of_a_week",
                violation_error_message="有空的时间超出了一周。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="volunteerprofile",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="7e23a0017708f430d52abb0e8da5bffe17167316",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_27a24",
                    table="volunteers_volunteerprofile",
                    when="AFTER",
                ),
            ),
        ),
    ]
