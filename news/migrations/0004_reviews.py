"""Drafts, who works in which column, three reviews of a version and what becomes of it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0003_ledgers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleStep",
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
                            ("sent", "送审"),
                            ("recalled", "撤回送审"),
                            ("urgent", "批准紧急发布"),
                            ("filed", "补录"),
                            ("published", "发布"),
                            ("withdrawn", "撤稿"),
                        ],
                        max_length=10,
                        verbose_name="事项",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=500, verbose_name="原因"),
                ),
                ("from_at", models.DateTimeField(null=True, verbose_name="发布时间")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "稿件流程",
                "verbose_name_plural": "稿件流程",
                "ordering": ["article", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Claim",
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
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "正在审阅",
                "verbose_name_plural": "正在审阅",
            },
        ),
        migrations.CreateModel(
            name="ColumnDuty",
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
                    "job",
                    models.CharField(
                        choices=[
                            ("edit", "编辑"),
                            ("first", "初审"),
                            ("second", "复审"),
                            ("final", "终审"),
                        ],
                        max_length=10,
                        verbose_name="工作",
                    ),
                ),
            ],
            options={
                "verbose_name": "栏目分工",
                "verbose_name_plural": "栏目分工",
                "ordering": ["column__order", "column", "job", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                    "sha256",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="校验值"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "初审"), (2, "复审"), (3, "终审")],
                        verbose_name="审次",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("approved", "通过"), ("returned", "退改")],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=500, verbose_name="意见"),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "审核意见",
                "verbose_name_plural": "审核意见",
                "ordering": ["version", "level"],
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("revision", models.PositiveIntegerField(default=1)),
                ("content", models.JSONField()),
                (
                    "picture_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "editors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "saved_at",
                    models.DateTimeField(auto_now=True, verbose_name="保存时间"),
                ),
            ],
            options={
                "verbose_name": "草稿",
                "verbose_name_plural": "草稿",
            },
        ),
        migrations.CreateModel(
            name="VersionEditor",
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
                "verbose_name": "版本的编辑",
                "verbose_name_plural": "版本的编辑",
            },
        ),
        migrations.AlterModelOptions(
            name="article",
            options={
                "permissions": [
                    ("publish_article", "发布和撤稿"),
                    ("review_first", "初审"),
                    ("review_second", "复审"),
                    ("review_final", "终审"),
                    ("publish_urgently", "批准紧急发布"),
                    ("all_columns", "不限栏目"),
                ],
                "verbose_name": "文章",
                "verbose_name_plural": "文章",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="due_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="审核期限"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="review_version",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="news.articleversion",
                verbose_name="送审的版本",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="stage",
            field=models.CharField(
                choices=[
                    ("none", "未送审"),
                    ("first", "待初审"),
                    ("second", "待复审"),
                    ("final", "待终审"),
                    ("returned", "已退改"),
                ],
                default="none",
                editable=False,
                max_length=10,
                verbose_name="审核环节",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="stage_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="进入本环节的时间"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("stage", "none"), _negated=True),
                fields=["stage", "column", "stage_at"],
                name="news_article_in_review",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("review_version__isnull", True), ("stage", "none")),
                    models.Q(
                        models.Q(("stage", "none"), _negated=True),
                        ("review_version__isnull", False),
                        ("stage_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="news_article_stage_has_version",
                violation_error_message="送审的稿件须有送审的版本。",
            ),
        ),
        migrations.AddField(
            model_name="articlestep",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="news.article",
            ),
        ),
        migrations.AddField(
            model_name="articlestep",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="操作人",
            ),
        ),
        migrations.AddField(
            model_name="articlestep",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="news.articleversion",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="article",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="claim",
                to="news.article",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="columnduty",
            name="column",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="duties",
                to="news.column",
                verbose_name="栏目",
            ),
        ),
        migrations.AddField(
            model_name="columnduty",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="column_duties",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审核人",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="news.articleversion",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="article",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="draft",
                to="news.article",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="起草人",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="base_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="news.articleversion",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="saved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="versioneditor",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="versioneditor",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="editors",
                to="news.articleversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["urgent", "withdrawn", "recalled"]), _negated=True
                    ),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="news_articlestep_has_reason",
                violation_error_message="请填写原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "urgent"), _negated=True),
                    ("by__isnull", False),
                    _connector="OR",
                ),
                name="news_articlestep_urgent_named",
                violation_error_message="紧急发布须有批准人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlestep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "urgent")),
                fields=("version",),
                name="news_articlestep_urgent_once",
                violation_error_message="这一版已批准紧急发布。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="articlestep",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b85f31deb5af8d60b0a8f5c8617528a9ed0b31ec",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_29d8f",
                    table="news_articlestep",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="columnduty",
            constraint=models.UniqueConstraint(
                fields=("column", "user", "job"),
                name="news_columnduty_once",
                violation_error_message="这个人在这个栏目已有这项工作。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="columnduty",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="731bd110422b445265247e486109eaaea769a0c2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_e48b2",
                    table="news_columnduty",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("version", "level"),
                name="news_decision_once_a_level",
                violation_error_message="这一审已有结论。",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("version", "reviewer"),
                name="news_decision_once_a_reviewer",
                violation_error_message="同一人只能审一次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", [1, 2, 3])),
                name="news_decision_known_level",
                violation_error_message="没有这一审。",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "approved"),
                    models.Q(
                        ("outcome", "returned"), models.Q(("reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="news_decision_return_has_reason",
                violation_error_message="退改请填写意见。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="99fb261f56307d505106818b3a2ca43005ce046e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_79c72",
                    table="news_decision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="fair",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE read_article bigint; read_number integer;",
                    func="\n        SELECT v.article_id, v.number INTO read_article, read_number\n            FROM news_articleversion v\n            WHERE v.id = NEW.version_id AND v.sha256 = NEW.sha256;\n        IF read_article IS NULL THEN\n            RAISE EXCEPTION 'The decision is about other words than the version has.'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'news_decision_same_words';\n        END IF;\n        IF NOT EXISTS (SELECT FROM news_article a\n                WHERE a.id = read_article AND a.review_version_id = NEW.version_id\n                AND a.stage = (ARRAY['first', 'second', 'final'])[NEW.level]) THEN\n            RAISE EXCEPTION 'The version does not wait for this review.'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'news_decision_is_due';\n        END IF;\n        IF EXISTS (SELECT FROM news_articleversion v\n                LEFT JOIN news_versioneditor e ON e.version_id = v.id\n                WHERE v.article_id = read_article AND v.number <= read_number\n                AND NEW.reviewer_id IN (v.author_id, e.user_id)) THEN\n            RAISE EXCEPTION 'Who wrote does not review.'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'news_decision_not_author';\n        END IF;\n        IF NEW.level > 1 AND NOT EXISTS (SELECT FROM news_decision d\n                WHERE d.version_id = NEW.version_id AND d.level = NEW.level - 1\n                AND d.outcome = 'approved') THEN\n            RAISE EXCEPTION 'A review was skipped.'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'news_decision_no_skip';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="04e46da45e2e08265c814725199a17d69e365289",
                    operation="INSERT",
                    pgid="pgtrigger_fair_01c78",
                    table="news_decision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="versioneditor",
            constraint=models.UniqueConstraint(
                fields=("version", "user"), name="news_versioneditor_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="versioneditor",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="074866470dd060a14c186ecb1b95ff6d88216922",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_380df",
                    table="news_versioneditor",
                    when="BEFORE",
                ),
            ),
        ),
    ]
