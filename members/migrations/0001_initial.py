import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
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
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last login"
                    ),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                        verbose_name="公开编号",
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=30, verbose_name="姓名"),
                ),
                ("phone_cipher", models.TextField(blank=True, editable=False)),
                (
                    "phone_hmac",
                    models.CharField(
                        editable=False, max_length=64, null=True, unique=True
                    ),
                ),
                (
                    "phone_last4",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=4,
                        verbose_name="手机尾号",
                    ),
                ),
                (
                    "phone_verified",
                    models.BooleanField(default=False, verbose_name="手机已验证"),
                ),
                (
                    "is_staff",
                    models.BooleanField(default=False, verbose_name="可进入管理后台"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="创建时间",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="注销时间"
                    ),
                ),
                (
                    "password_set_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="密码设置时间"
                    ),
                ),
                (
                    "reopened_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="重新启用时间"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="开设人",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
                "permissions": [("reveal_phone", "查看完整手机号")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                            ("privacy", "个人信息处理告知"),
                            ("identity", "核对证件号后六位"),
                        ],
                        default="privacy",
                        max_length=10,
                        verbose_name="告知",
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="版本")),
                ("given_at", models.DateTimeField(verbose_name="同意时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="撤回时间"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "同意记录",
                "verbose_name_plural": "同意记录",
                "ordering": ["-given_at"],
            },
        ),
        migrations.CreateModel(
            name="LoginDevice",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="device",
                        serialize=False,
                        to="sessions.session",
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="设备")),
                (
                    "address",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="网络地址"
                    ),
                ),
                ("logged_in_at", models.DateTimeField(verbose_name="登录时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "登录设备",
                "verbose_name_plural": "登录设备",
            },
        ),
        migrations.CreateModel(
            name="OldPassword",
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
                ("password", models.CharField(max_length=128)),
                ("replaced_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_passwords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "用过的密码",
                "verbose_name_plural": "用过的密码",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RoleRequest",
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
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=150),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="新增角色",
                    ),
                ),
                (
                    "gives_staff",
                    models.BooleanField(default=False, verbose_name="可进入管理后台"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待确认"),
                            ("confirmed", "已确认"),
                            ("declined", "未同意"),
                            ("dropped", "已失效"),
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
                        editable=False, null=True, verbose_name="办理时间"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "角色申请",
                "verbose_name_plural": "角色申请",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SmsMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signup", "注册验证码"),
                            ("login", "登录验证码"),
                            ("reset", "重设密码验证码"),
                            ("old_phone", "换号验证码（原号码）"),
                            ("new_phone", "换号验证码（新号码）"),
                            ("taken", "告知号码已有账号"),
                            ("no_account", "告知号码没有账号"),
                            ("moved", "告知原号码已换号"),
                        ],
                        max_length=12,
                        verbose_name="用途",
                    ),
                ),
                ("phone_hmac", models.CharField(editable=False, max_length=64)),
                ("address_hmac", models.CharField(editable=False, max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="请求时间",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("sent", "已发出"),
                            ("refused", "短信平台拒绝"),
                            ("failed", "未能送到短信平台"),
                            ("unknown", "结果不明"),
                            ("withheld", "未发（为已有账号者保留）"),
                        ],
                        default="unknown",
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="已试次数"
                    ),
                ),
                (
                    "used_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="验证时间"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sms_messages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "短信",
                "verbose_name_plural": "短信",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="UnionOrg",
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
                    "code",
                    models.CharField(max_length=30, unique=True, verbose_name="编码"),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("city", "市总工会"),
                            ("county", "县（区）总工会"),
                            ("industry", "产业工会"),
                            ("grassroots", "基层工会"),
                        ],
                        default="grassroots",
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                (
                    "roster_confirmed_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="名册核对时间",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="members.unionorg",
                        verbose_name="上级工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "工会组织",
                "verbose_name_plural": "工会组织",
                "ordering": ["code"],
                "permissions": [("confirm_roster", "确认名册已核对")],
            },
        ),
        migrations.CreateModel(
            name="Stewardship",
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
                    "role",
                    models.CharField(
                        choices=[("steward", "工会干部"), ("reviewer", "审核人")],
                        default="steward",
                        max_length=10,
                        verbose_name="职责",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stewardships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "union_org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stewardships",
                        to="members.unionorg",
                        verbose_name="工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "工会干部任职",
                "verbose_name_plural": "工会干部任职",
            },
        ),
        migrations.CreateModel(
            name="RosterImport",
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
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sheet", models.CharField(max_length=100, verbose_name="工作表")),
                ("content", models.TextField(blank=True, editable=False)),
                ("report", models.TextField(blank=True, editable=False)),
                ("header_line", models.PositiveIntegerField(verbose_name="表头行")),
                ("columns", models.JSONField(default=dict, verbose_name="列的对应")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "待对应列"),
                            ("matched", "待导入"),
                            ("applied", "已导入"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("is_whole", models.BooleanField(default=False, verbose_name="整册")),
                (
                    "created",
                    models.PositiveIntegerField(default=0, verbose_name="新增"),
                ),
                (
                    "changed",
                    models.PositiveIntegerField(default=0, verbose_name="更新"),
                ),
                (
                    "unchanged",
                    models.PositiveIntegerField(default=0, verbose_name="未变"),
                ),
                ("warned", models.PositiveIntegerField(default=0, verbose_name="提醒")),
                (
                    "refused",
                    models.PositiveIntegerField(default=0, verbose_name="错误"),
                ),
                ("left", models.PositiveIntegerField(default=0, verbose_name="离开")),
                (
                    "applied_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="导入时间"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "union_org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roster_imports",
                        to="members.unionorg",
                        verbose_name="工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "名册导入",
                "verbose_name_plural": "名册导入",
                "ordering": ["-pk"],
                "permissions": [("import_roster", "导入名册")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="VerificationTry",
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
                    "phone_hmac",
                    models.CharField(blank=True, editable=False, max_length=64),
                ),
                (
                    "name_hmac",
                    models.CharField(blank=True, editable=False, max_length=64),
                ),
                (
                    "number_hmac",
                    models.CharField(blank=True, editable=False, max_length=64),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("matched", "通过"),
                            ("wrong", "不符"),
                            ("ambiguous", "多条相符"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "used_identity",
                    models.BooleanField(default=False, verbose_name="凭证件号"),
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
                    "union_org",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.unionorg",
                        verbose_name="所选工会",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="verification_tries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "认证尝试",
                "verbose_name_plural": "认证尝试",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Worker",
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
                ("name", models.CharField(max_length=30, verbose_name="姓名")),
                (
                    "member_number",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="会员编号"
                    ),
                ),
                (
                    "identity_hmac",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=64,
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "identity_last4",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=4,
                        verbose_name="证件尾号",
                    ),
                ),
                (
                    "identity_last6_hmac",
                    models.CharField(blank=True, editable=False, max_length=64),
                ),
                (
                    "is_member",
                    models.BooleanField(default=False, verbose_name="工会会员"),
                ),
                (
                    "is_frontline",
                    models.BooleanField(default=False, verbose_name="一线职工"),
                ),
                (
                    "is_migrant",
                    models.BooleanField(default=False, verbose_name="农民工"),
                ),
                (
                    "verified_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="认证时间"
                    ),
                ),
                (
                    "left_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="最近一次整册导入时名册上已没有此人。",
                        null=True,
                        verbose_name="不在册时间",
                    ),
                ),
                (
                    "union_org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workers",
                        to="members.unionorg",
                        verbose_name="所在工会",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="worker",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "职工",
                "verbose_name_plural": "职工",
                "ordering": ["pk"],
                "permissions": [
                    ("view_all_workers", "查看全市职工"),
                    ("verify_worker", "人工认证职工身份"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnionTransfer",
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
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待对方确认"),
                            ("done", "已转"),
                            ("declined", "未同意"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "asked_side",
                    models.CharField(
                        blank=True,
                        choices=[("giving", "转出工会"), ("receiving", "转入工会")],
                        max_length=10,
                        verbose_name="提出方",
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
                    "at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="办理时间"
                    ),
                ),
                (
                    "answer",
                    models.CharField(blank=True, max_length=200, verbose_name="答复"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "from_org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.unionorg",
                        verbose_name="转出工会",
                    ),
                ),
                (
                    "to_org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.unionorg",
                        verbose_name="转入工会",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="members.worker",
                        verbose_name="职工",
                    ),
                ),
            ],
            options={
                "verbose_name": "转会",
                "verbose_name_plural": "转会",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="CorrectionRequest",
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
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="提出时间",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("name", "姓名"),
                            ("member_number", "会员编号"),
                            ("is_member", "会籍"),
                            ("is_frontline", "一线职工"),
                            ("is_migrant", "农民工"),
                            ("other", "其他"),
                        ],
                        max_length=15,
                        verbose_name="更正项",
                    ),
                ),
                (
                    "proposed",
                    models.CharField(blank=True, max_length=100, verbose_name="应为"),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=200, verbose_name="说明"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待处理"),
                            ("accepted", "已更正"),
                            ("refused", "不予更正"),
                            ("dropped", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="办理时间"
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
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction_requests",
                        to="members.worker",
                        verbose_name="职工",
                    ),
                ),
            ],
            options={
                "verbose_name": "更正申请",
                "verbose_name_plural": "更正申请",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
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
                    "number",
                    models.CharField(max_length=12, unique=True, verbose_name="编号"),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="类别")),
                (
                    "holder_name",
                    models.CharField(max_length=30, verbose_name="持有人姓名（当时）"),
                ),
                ("title", models.CharField(max_length=100, verbose_name="名称")),
                ("facts", models.JSONField(default=dict, verbose_name="内容")),
                (
                    "issued_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="颁发时间",
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(null=True, verbose_name="撤销时间"),
                ),
                (
                    "revoke_reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="撤销原因"
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="颁发人",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="certificates",
                        to="members.worker",
                        verbose_name="持有人",
                    ),
                ),
            ],
            options={
                "verbose_name": "证书",
                "verbose_name_plural": "证书",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("phone_cipher", ""),
                        ("phone_hmac__isnull", True),
                        ("phone_last4", ""),
                    ),
                    models.Q(
                        ("phone_hmac__isnull", False),
                        models.Q(("phone_cipher", ""), _negated=True),
                        models.Q(("phone_last4", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="members_user_phone_whole_or_absent",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    models.Q(
                        ("is_active", False),
                        ("is_staff", False),
                        ("name", ""),
                        ("phone_hmac__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="members_user_closed_is_empty",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,last_login,name,password,phone_cipher,phone_hmac,phone_last4,updated_at}'); RETURN NULL;",
                    hash="962b8ceae79289b6a3703ad7d47121754e43f9be",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_history_e6868",
                    table="members_user",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("user", "kind", "version"),
                name="members_consent_stands_once",
                violation_error_message="已同意过这个版本。",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True),
                    ("withdrawn_at__gte", models.F("given_at")),
                    _connector="OR",
                ),
                name="members_consent_withdrawn_after_given",
                violation_error_message="撤回时间不能早于同意时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("user",),
                name="members_rolerequest_one_open",
                violation_error_message="该账号已有一项待确认的角色申请。",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("answered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="members_rolerequest_answered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    models.Q(
                        models.Q(("answered_by", models.F("asked_by")), _negated=True),
                        models.Q(("answered_by", models.F("user")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="members_rolerequest_two_people",
                violation_error_message="须由另一位系统管理员确认。",
            ),
        ),
        migrations.AddIndex(
            model_name="smsmessage",
            index=models.Index(
                fields=["phone_hmac", "created_at"], name="members_sms_by_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="smsmessage",
            index=models.Index(
                fields=["address_hmac", "created_at"], name="members_sms_by_address"
            ),
        ),
        migrations.AddIndex(
            model_name="smsmessage",
            index=models.Index(fields=["created_at"], name="members_sms_by_time"),
        ),
        migrations.AddIndex(
            model_name="unionorg",
            index=models.Index(
                fields=["code"],
                name="members_unionorg_prefix",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddConstraint(
            model_name="unionorg",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("pk")), _negated=True),
                name="members_unionorg_not_own_parent",
                violation_error_message="上级工会不能是自己。",
            ),
        ),
        migrations.AddConstraint(
            model_name="unionorg",
            constraint=models.UniqueConstraint(
                condition=models.Q(("level", "city")),
                fields=("level",),
                name="members_unionorg_one_city",
                violation_error_message="市总工会只有一个。",
            ),
        ),
        migrations.AddConstraint(
            model_name="stewardship",
            constraint=models.UniqueConstraint(
                fields=("user", "union_org", "role"),
                name="members_stewardship_once",
                violation_error_message="该账号已有这项任职。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stewardship",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="b299c0ed550b121b79ab526fbd2920bd5dba9947",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_bf61e",
                    table="members_stewardship",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("applied_at__isnull", False),
                        ("content", ""),
                        ("state", "applied"),
                    ),
                    models.Q(
                        models.Q(("state", "applied"), _negated=True),
                        ("applied_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="members_rosterimport_applied_when_and_empty",
            ),
        ),
        migrations.AddIndex(
            model_name="verificationtry",
            index=models.Index(
                fields=["user", "-at"], name="members_verificationtry_recent"
            ),
        ),
        migrations.AddIndex(
            model_name="verificationtry",
            index=models.Index(fields=["-at"], name="members_verificationtry_at"),
        ),
        migrations.AddConstraint(
            model_name="worker",
            constraint=models.UniqueConstraint(
                condition=models.Q(("member_number", ""), _negated=True),
                fields=("member_number",),
                name="members_worker_member_number_once",
                violation_error_message="该会员编号已登记给其他职工。",
            ),
        ),
        migrations.AddConstraint(
            model_name="worker",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="members_worker_has_name",
                violation_error_message="请填写姓名。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="worker",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,identity_hmac,identity_last4,identity_last6_hmac,member_number,name,updated_at}'); RETURN NULL;",
                    hash="c5dea82e0f85685df28ad42dbb7a430d88af0219",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_history_4016d",
                    table="members_worker",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="uniontransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_org", models.F("to_org")), _negated=True),
                name="members_uniontransfer_between_two",
                violation_error_message="转入与转出是同一个工会。",
            ),
        ),
        migrations.AddConstraint(
            model_name="uniontransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="members_uniontransfer_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="uniontransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("at__isnull", True),
                        ("state", "proposed"),
                        models.Q(("asked_side", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="members_uniontransfer_answered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="uniontransfer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("worker",),
                name="members_uniontransfer_one_open",
                violation_error_message="该职工已有一项待确认的转会。",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("answered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="members_correctionrequest_answered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="members_correctionrequest_refused_with_reason",
                violation_error_message="不予更正须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("worker", "field"),
                name="members_correctionrequest_one_open_each",
                violation_error_message="这一项已有待处理的更正申请。",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number__regex", "^[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{12}$")
                ),
                name="members_certificate_number_wellformed",
                violation_error_message="证书编号不正确。",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoke_reason", ""), ("revoked_at__isnull", True)),
                    models.Q(
                        ("revoked_at__isnull", False),
                        models.Q(("revoke_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="members_certificate_revoked_with_reason",
                violation_error_message="撤销证书须写明原因。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificate",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="bd34efaee9efbfc71e6e24f338e76c81f3a25e7b",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_30ca0",
                    table="members_certificate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificate",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."holder_name" IS DISTINCT FROM (NEW."holder_name") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0ac136f2a26ce7d7016730b8855c8ddb8f059f62",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_3f7df",
                    table="members_certificate",
                    when="BEFORE",
                ),
            ),
        ),
    ]
