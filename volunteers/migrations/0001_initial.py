import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="VolunteerTeam",
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
                    models.CharField(max_length=60, unique=True, verbose_name="队名"),
                ),
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
                    "leader_agreed_on",
                    models.DateField(
                        blank=True,
                        help_text="队长本人同意后填写；留空只显示姓氏。更换队长时请重新征求同意。",
                        null=True,
                        verbose_name="队长同意公开全名的日期",
                    ),
                ),
                (
                    "slogan",
                    models.CharField(blank=True, max_length=60, verbose_name="口号"),
                ),
                (
                    "founded_on",
                    models.DateField(blank=True, null=True, verbose_name="成立日期"),
                ),
                (
                    "intro",
                    models.TextField(
                        blank=True, help_text="空一行即另起一段。", verbose_name="简介"
                    ),
                ),
                (
                    "is_recruiting",
                    models.BooleanField(default=False, verbose_name="正在招募"),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="不再活动的队伍请取消勾选，不要删除。",
                        verbose_name="开展活动",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        help_text="公开页面显示姓氏和星号；本人同意公开全名的，请填写下一项。",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="led_teams",
                        to="members.worker",
                        verbose_name="队长",
                    ),
                ),
                (
                    "union_org",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="volunteer_teams",
                        to="members.unionorg",
                        verbose_name="所属工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "志愿服务队",
                "verbose_name_plural": "志愿服务队",
                "ordering": ["name"],
                "permissions": [("view_all_teams", "查看全市志愿服务队")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                    "is_home",
                    models.BooleanField(
                        default=False,
                        help_text="每位队员只有一支主队。",
                        verbose_name="主队",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("member", "队员"), ("deputy", "副队长")],
                        default="member",
                        help_text="副队长在后台看到的与队长相同；另须有“队长”角色。",
                        max_length=10,
                        verbose_name="职务",
                    ),
                ),
                (
                    "joined_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="入队日期"
                    ),
                ),
                (
                    "left_on",
                    models.DateField(blank=True, null=True, verbose_name="退队日期"),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team_memberships",
                        to="members.worker",
                        verbose_name="队员",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="volunteers.volunteerteam",
                        verbose_name="志愿服务队",
                    ),
                ),
            ],
            options={
                "verbose_name": "队员",
                "verbose_name_plural": "队员",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="volunteerteam",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="volunteers_volunteerteam_has_name",
                violation_error_message="请填写队名。",
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteerteam",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_active", True), ("is_recruiting", False), _connector="OR"
                ),
                name="volunteers_volunteerteam_only_active_recruits",
                violation_error_message="不再活动的队伍不能招募。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="volunteerteam",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="7a0fe7890b602bd0876446561b595eed881af054",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_2e057",
                    table="volunteers_volunteerteam",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_on__isnull", True)),
                fields=("team", "worker"),
                name="volunteers_membership_once",
                violation_error_message="该职工已在这支队伍中。",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_home", True), ("left_on__isnull", True)),
                fields=("worker",),
                name="volunteers_membership_one_home",
                violation_error_message="该职工已有主队。",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_on__isnull", True),
                    ("left_on__gte", models.F("joined_on")),
                    _connector="OR",
                ),
                name="volunteers_membership_left_after_joining",
                violation_error_message="退队日期不能早于入队日期。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="d1a79a75344dce1114754c3bb3a88f0192e05477",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_history_bd65d",
                    table="volunteers_membership",
                    when="AFTER",
                ),
            ),
        ),
    ]
