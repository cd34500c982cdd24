import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
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
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="时间",
                    ),
                ),
                ("verb", models.CharField(max_length=30, verbose_name="操作")),
                (
                    "by_label",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="操作人（当时）"
                    ),
                ),
                (
                    "address",
                    models.GenericIPAddressField(
                        blank=True, null=True, verbose_name="来源地址"
                    ),
                ),
                (
                    "of_model",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="对象类别"
                    ),
                ),
                (
                    "of_key",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="对象编号"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("done", "成功"),
                            ("refused", "被拒绝"),
                            ("failed", "失败"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="事由"),
                ),
                (
                    "before",
                    models.CharField(blank=True, max_length=500, verbose_name="变更前"),
                ),
                (
                    "after",
                    models.CharField(blank=True, max_length=500, verbose_name="变更后"),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="请求编号"
                    ),
                ),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "number",
                    models.PositiveIntegerField(
                        primary_key=True, serialize=False, verbose_name="序号"
                    ),
                ),
                ("until", models.DateTimeField(unique=True, verbose_name="封存到")),
                ("events", models.PositiveIntegerField(verbose_name="记录数")),
                ("digest", models.CharField(max_length=52, verbose_name="摘要")),
                (
                    "addresses",
                    models.CharField(max_length=52, verbose_name="来源地址摘要"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="封存时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "审计封存",
                "verbose_name_plural": "审计封存",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Change",
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
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="时间",
                    ),
                ),
                ("of_table", models.CharField(max_length=63, verbose_name="类别")),
                ("of_id", models.BigIntegerField(verbose_name="对象编号")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("insert", "新增"),
                            ("update", "修改"),
                            ("delete", "删除"),
                        ],
                        max_length=6,
                        verbose_name="操作",
                    ),
                ),
                ("before", models.JSONField(null=True, verbose_name="变更前")),
                ("after", models.JSONField(null=True, verbose_name="变更后")),
                ("context", models.JSONField(null=True, verbose_name="背景")),
            ],
            options={
                "verbose_name": "变更记录",
                "verbose_name_plural": "变更记录",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
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
                ("date", models.DateField(unique=True, verbose_name="日期")),
                ("works", models.BooleanField(verbose_name="上班")),
                ("name", models.CharField(max_length=20, verbose_name="节日")),
                (
                    "notice_year",
                    models.PositiveSmallIntegerField(
                        help_text="哪一年的放假通知：12月底的日子属于次年的通知。",
                        verbose_name="通知年度",
                    ),
                ),
                ("notice", models.CharField(max_length=100, verbose_name="通知")),
            ],
            options={
                "verbose_name": "放假安排",
                "verbose_name_plural": "放假安排",
                "ordering": ["-date"],
            },
        ),
        migrations.CreateModel(
            name="PageChange",
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
        ),
        migrations.CreateModel(
            name="PageGeneration",
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
                ("number", models.BigIntegerField(default=0)),
            ],
        ),
    ]
