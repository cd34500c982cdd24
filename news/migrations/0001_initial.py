import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticlePhoto",
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
                ("key", models.CharField(editable=False, max_length=32)),
                (
                    "sha256",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="原文件校验值"
                    ),
                ),
                (
                    "width",
                    models.PositiveIntegerField(editable=False, verbose_name="宽"),
                ),
                (
                    "height",
                    models.PositiveIntegerField(editable=False, verbose_name="高"),
                ),
                (
                    "caption",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="图片说明"
                    ),
                ),
                (
                    "credit",
                    models.CharField(
                        blank=True,
                        help_text="如“市总工会供图”。",
                        max_length=60,
                        verbose_name="供图",
                    ),
                ),
                (
                    "alt",
                    models.CharField(
                        blank=True,
                        help_text="给看不到图片的人听：画面里有什么。",
                        max_length=200,
                        verbose_name="画面描述",
                    ),
                ),
                (
                    "is_decorative",
                    models.BooleanField(
                        default=False,
                        help_text="没有信息的图片，读屏软件会跳过。",
                        verbose_name="仅作装饰",
                    ),
                ),
                (
                    "is_placed",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="已插入正文"
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="顺序"),
                ),
            ],
            options={
                "verbose_name": "照片",
                "verbose_name_plural": "照片",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Column",
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
                    "description",
                    models.CharField(
                        blank=True,
                        help_text="用于搜索引擎和栏目页，一两句话。",
                        max_length=200,
                        verbose_name="简介",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="顺序"),
                ),
                (
                    "in_menu",
                    models.BooleanField(default=False, verbose_name="在主菜单中"),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="停用后不再出现在菜单、首页和写稿时的选项中，已发布的文章仍可阅读。",
                        verbose_name="启用",
                    ),
                ),
            ],
            options={
                "verbose_name": "栏目",
                "verbose_name_plural": "栏目",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Article",
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
                    "series_no",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="填数字，页面显示为“（一）”。",
                        null=True,
                        verbose_name="第几期",
                    ),
                ),
                (
                    "publish_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="立即发布可留空；补录旧稿填原发布时间；定时发布填将来的时间。",
                        null=True,
                        verbose_name="发布时间",
                    ),
                ),
                (
                    "expire_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="到时自动下线，一般留空。",
                        null=True,
                        verbose_name="下线时间",
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="撤稿时间"
                    ),
                ),
                (
                    "corrected_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="更正时间"
                    ),
                ),
                (
                    "is_pinned",
                    models.BooleanField(default=False, verbose_name="栏目置顶"),
                ),
                (
                    "is_headline",
                    models.BooleanField(
                        default=False,
                        help_text="有多篇时，首页显示最新的一篇。",
                        verbose_name="首页头条",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                (
                    "subtitle",
                    models.CharField(blank=True, max_length=200, verbose_name="副题"),
                ),
                (
                    "summary",
                    models.CharField(blank=True, max_length=300, verbose_name="摘要"),
                ),
                (
                    "source_name",
                    models.CharField(blank=True, max_length=60, verbose_name="来源"),
                ),
                (
                    "lead_photo",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="news.articlephoto",
                        verbose_name="题图",
                    ),
                ),
            ],
            options={
                "verbose_name": "文章",
                "verbose_name_plural": "文章",
                "permissions": [("publish_article", "发布和撤稿")],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
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
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                (
                    "format",
                    models.PositiveSmallIntegerField(
                        editable=False, verbose_name="格式"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                (
                    "subtitle",
                    models.CharField(
                        blank=True,
                        help_text="不必输入破折号，页面会加上。",
                        max_length=200,
                        verbose_name="副题",
                    ),
                ),
                ("is_reprint", models.BooleanField(default=False, verbose_name="转载")),
                (
                    "source_name",
                    models.CharField(
                        blank=True,
                        help_text="转载必填，如“攀枝花日报”。",
                        max_length=60,
                        verbose_name="来源",
                    ),
                ),
                (
                    "source_url",
                    models.URLField(
                        blank=True, max_length=500, verbose_name="原文网址"
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True,
                        help_text="用于列表和分享，留空则取正文开头。",
                        max_length=300,
                        verbose_name="摘要",
                    ),
                ),
                (
                    "editor_note",
                    models.TextField(
                        blank=True,
                        help_text="空行分段；不必输入“编者按”三字。",
                        verbose_name="编者按",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="正文")),
                (
                    "sha256",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="校验值"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="保存时间"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="news.article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存人",
                    ),
                ),
            ],
            options={
                "verbose_name": "文章版本",
                "verbose_name_plural": "文章版本",
                "ordering": ["article", "number"],
            },
        ),
        migrations.AddField(
            model_name="articlephoto",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="news.articleversion",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="live_version",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="news.articleversion",
                verbose_name="发布的版本",
            ),
        ),
        migrations.CreateModel(
            name="Byline",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("reporter", "记者"),
                            ("correspondent", "通讯员"),
                            ("author", "作者"),
                            ("photographer", "摄影"),
                            ("editor", "编辑"),
                            ("responsible", "责任编辑"),
                            ("reviewer", "审核"),
                        ],
                        default="reporter",
                        max_length=20,
                        verbose_name="身份",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="顺序"),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bylines",
                        to="news.articleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "署名",
                "verbose_name_plural": "署名",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="column",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="news.column",
                verbose_name="栏目",
            ),
        ),
        migrations.CreateModel(
            name="Series",
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
                ("title", models.CharField(max_length=200, verbose_name="系列名称")),
                ("intro", models.TextField(blank=True, verbose_name="导语")),
                (
                    "planned_parts",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="全部刊发前，页面显示“待续”。不确定可留空。",
                        null=True,
                        verbose_name="计划期数",
                    ),
                ),
            ],
            options={
                "verbose_name": "系列报道",
                "verbose_name_plural": "系列报道",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_parts__isnull", True),
                            ("planned_parts__gt", 0),
                            _connector="OR",
                        ),
                        name="news_series_plans_some_part",
                        violation_error_message="计划期数至少为1。",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="news.series",
                verbose_name="系列报道",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.UniqueConstraint(
                fields=("article", "number"),
                name="news_articleversion_number_once",
                violation_error_message="这篇稿件刚被他人修改。",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True),
                name="news_articleversion_has_title",
                violation_error_message="请填写标题。",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_reprint", False),
                    models.Q(("source_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="news_articleversion_reprint_names_source",
                violation_error_message="转载的文章请填写来源。",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source_url", ""),
                    ("source_url__regex", "^https?://"),
                    _connector="OR",
                ),
                name="news_articleversion_source_url_is_web",
                violation_error_message="原文网址须以 http:// 或 https:// 开头。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="articleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="6d2289d22321e6a8a9977c5ec01ca5ef6a7e2aa7",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_dde30",
                    table="news_articleversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="articleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."article_id" IS DISTINCT FROM (NEW."article_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."format" IS DISTINCT FROM (NEW."format") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."subtitle" IS DISTINCT FROM (NEW."subtitle") OR OLD."is_reprint" IS DISTINCT FROM (NEW."is_reprint") OR OLD."source_name" IS DISTINCT FROM (NEW."source_name") OR OLD."source_url" IS DISTINCT FROM (NEW."source_url") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."editor_note" IS DISTINCT FROM (NEW."editor_note") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5f244897dc2b0fa504694445bf2db9f1893eaa59",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_5d902",
                    table="news_articleversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="articlephoto",
            index=models.Index(fields=["key"], name="news_articlephoto_key"),
        ),
        migrations.AddConstraint(
            model_name="articlephoto",
            constraint=models.UniqueConstraint(
                fields=("version", "key"),
                name="news_articlephoto_once",
                violation_error_message="同一张照片不能添加两次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlephoto",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_decorative", True),
                    models.Q(("alt", ""), _negated=True),
                    _connector="OR",
                ),
                name="news_articlephoto_described",
                violation_error_message="请填写画面描述，或勾选“仅作装饰”。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="articlephoto",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c00e9d0aa8bb42a4c86ca6c8a9863dbb9f11382c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_b14da",
                    table="news_articlephoto",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="byline",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="news_byline_has_name",
                violation_error_message="请填写姓名",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="byline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7593dd33926aa2d6d4f1427f3d07c61fa7b7e45a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_53348",
                    table="news_byline",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(
                    ("live_version__isnull", False), ("withdrawn_at__isnull", True)
                ),
                fields=["-publish_at", "-id"],
                name="news_article_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(
                    ("live_version__isnull", False), ("withdrawn_at__isnull", True)
                ),
                fields=["column", "-publish_at", "-id"],
                name="news_article_column_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(
                    ("live_version__isnull", False), ("withdrawn_at__isnull", True)
                ),
                fields=["column", "-is_pinned", "-publish_at", "-id"],
                name="news_article_column_pinned",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("is_headline", True)),
                fields=["-publish_at", "-id"],
                name="news_article_headline",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("expire_at__isnull", False)),
                fields=["expire_at"],
                name="news_article_expiring",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(
                condition=models.Q(("series__isnull", False)),
                fields=("series", "series_no"),
                name="news_article_series_part_once",
                violation_error_message="这个系列已有这一期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("series__isnull", True), ("series_no__isnull", True)),
                    models.Q(("series__isnull", False), ("series_no__gt", 0)),
                    _connector="OR",
                ),
                name="news_article_series_part_whole",
                violation_error_message="系列报道和第几期要么都填，要么都不填。",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("live_version__isnull", True),
                    ("publish_at__isnull", False),
                    _connector="OR",
                ),
                name="news_article_published_has_time",
                violation_error_message="已发布的文章须有发布时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expire_at__isnull", True),
                    ("publish_at__isnull", True),
                    ("expire_at__gt", models.F("publish_at")),
                    _connector="OR",
                ),
                name="news_article_expires_after_publication",
                violation_error_message="下线时间须在发布时间之后。",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True),
                    ("live_version__isnull", False),
                    _connector="OR",
                ),
                name="news_article_withdrawn_was_published",
                violation_error_message="没有发布过的文章不能撤稿。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="dca4566bf37c43a7baff6051a0448e8d9d45a4e0",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_6e2cb",
                    table="news_article",
                    when="AFTER",
                ),
            ),
        ),
    ]
