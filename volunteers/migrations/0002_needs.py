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
        ("volunteers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerUser",
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
            ],
            options={
                "verbose_name": "合作社会组织的账号",
                "verbose_name_plural": "合作社会组织的账号",
            },
        ),
        migrations.CreateModel(
            name="Skill",
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
                    "name",
                    models.CharField(max_length=20, unique=True, verbose_name="名称"),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="不再使用的请取消勾选；已选它的志愿者和需求不受影响。",
                        verbose_name="可选",
                    ),
                ),
            ],
            options={
                "verbose_name": "技能",
                "verbose_name_plural": "技能",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Need",
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
                ("title", models.CharField(max_length=40, verbose_name="需要什么帮助")),
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
                    "detail",
                    models.TextField(
                        blank=True,
                        help_text="请不要写个人的姓名和电话。",
                        max_length=1000,
                        verbose_name="说明",
                    ),
                ),
                ("place", models.CharField(max_length=80, verbose_name="地点")),
                ("starts_at", models.DateTimeField(verbose_name="最早开始")),
                ("ends_at", models.DateTimeField(verbose_name="最晚结束")),
                ("people", models.PositiveSmallIntegerField(verbose_name="需要人数")),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=30, verbose_name="联系人"),
                ),
                ("contact_cipher", models.TextField(blank=True, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待承接"),
                            ("offered", "已指派，待队长答复"),
                            ("taken", "已承接"),
                            ("planned", "已安排服务"),
                            ("done", "已完成"),
                            ("unmet", "未能满足"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "filed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="提出时间",
                    ),
                ),
                (
                    "taken_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="承接时间"
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="办结时间"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="未满足或撤回的原因"
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.unionorg",
                        verbose_name="区县（行业）",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="volunteers.volunteerteam",
                        verbose_name="志愿服务队",
                    ),
                ),
                (
                    "union_org",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.unionorg",
                        verbose_name="提出单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务需求",
                "verbose_name_plural": "服务需求",
                "ordering": ["-pk"],
                "permissions": [
                    ("take_need", "以队长身份承接服务需求"),
                    ("assign_need", "指派服务需求"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NeedStep",
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
                    "move",
                    models.CharField(
                        choices=[
                            ("filed", "提出"),
                            ("offered", "指派"),
                            ("taken", "承接"),
                            ("declined", "谢绝"),
                            ("returned", "退回"),
                            ("planned", "安排服务"),
                            ("unplanned", "服务取消"),
                            ("done", "完成"),
                            ("unmet", "未能满足"),
                            ("withdrawn", "撤回"),
                        ],
                        max_length=10,
                        verbose_name="事项",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="原因"),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="时间",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="volunteers.need",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="volunteers.volunteerteam",
                        verbose_name="志愿服务队",
                    ),
                ),
            ],
            options={
                "verbose_name": "需求经过",
                "verbose_name_plural": "需求经过",
                "ordering": ["need", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Partner",
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
                    "name",
                    models.CharField(max_length=60, unique=True, verbose_name="名称"),
                ),
                (
                    "about",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="业务范围"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="合作中")),
            ],
            options={
                "verbose_name": "合作社会组织",
                "verbose_name_plural": "合作社会组织",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="volunteers_partner_has_name",
                        violation_error_message="请填写名称。",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="need",
            name="partner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="needs",
                to="volunteers.partner",
                verbose_name="提出的社会组织",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partner",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="2630370f033c30e32ffeddec6fddb8234d461f3f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_c7d07",
                    table="volunteers_partner",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="partneruser",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="accounts",
                to="volunteers.partner",
                verbose_name="合作社会组织",
            ),
        ),
        migrations.AddField(
            model_name="partneruser",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="partner_account",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddConstraint(
            model_name="skill",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="volunteers_skill_has_name",
                violation_error_message="请填写名称。",
            ),
        ),
        migrations.AddField(
            model_name="need",
            name="skills",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to="volunteers.skill",
                verbose_name="需要的技能",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="skill",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="b23defb76639069e0e81329644f2be26afecf8f6",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_c93df",
                    table="volunteers_skill",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="needstep",
            index=models.Index(fields=["at"], name="volunteers_needstep_at"),
        ),
        migrations.AddConstraint(
            model_name="needstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("move__in", ["declined", "returned", "unmet", "withdrawn"]),
                        _negated=True,
                    ),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="volunteers_needstep_has_reason",
                violation_error_message="请写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="needstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("move__in", ["offered", "taken", "declined", "returned"]),
                        _negated=True,
                    ),
                    ("team__isnull", False),
                    _connector="OR",
                ),
                name="volunteers_needstep_has_team",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="needstep",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="caddc606bb3ce828a32d30a7f45e2a4296d67cef",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a1f2a",
                    table="volunteers_needstep",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partneruser",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="f16d94bb2bbf983c088543dd9e3b0c8323078a33",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_93c3e",
                    table="volunteers_partneruser",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="need",
            index=models.Index(
                fields=["state", "filed_at"], name="volunteers_need_of_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("partner__isnull", True), ("union_org__isnull", False)),
                    models.Q(("partner__isnull", False), ("union_org__isnull", True)),
                    _connector="OR",
                ),
                name="volunteers_need_one_asks",
                violation_error_message="请选择提出需求的单位。",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True),
                    models.Q(("place", ""), _negated=True),
                ),
                name="volunteers_need_has_title",
                violation_error_message="请填写需要什么帮助和地点。",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="volunteers_need_ends_after_start",
                violation_error_message="最晚结束的时间要晚于最早开始的时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 1), ("people__lte", 500)),
                name="volunteers_need_people",
                violation_error_message="需要人数请填1至500。",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "open"), ("team__isnull", True)),
                    models.Q(
                        ("state__in", ["offered", "taken", "planned", "done"]),
                        ("team__isnull", False),
                    ),
                    ("state__in", ["unmet", "withdrawn"]),
                    _connector="OR",
                ),
                name="volunteers_need_team_as_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["open", "offered"]), ("taken_at__isnull", True)
                    ),
                    models.Q(
                        ("state__in", ["taken", "planned", "done"]),
                        ("taken_at__isnull", False),
                    ),
                    ("state__in", ["unmet", "withdrawn"]),
                    _connector="OR",
                ),
                name="volunteers_need_taken_as_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("state__in", ["unmet", "withdrawn"]),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(("ended_at__isnull", False), ("state", "done")),
                    models.Q(
                        ("ended_at__isnull", True),
                        ("state__in", ["open", "offered", "taken", "planned"]),
                    ),
                    _connector="OR",
                ),
                name="volunteers_need_ends_with_reason",
                violation_error_message="请写明原因。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="need",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,contact_cipher,contact_name,updated_at}'); RETURN NULL;",
                    hash="53b74d6da37cefe0ccf7e2c468c2c880bc1352fa",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_27443",
                    table="volunteers_need",
                    when="AFTER",
                ),
            ),
        ),
    ]
