import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="FooterLink",
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
                    "group",
                    models.CharField(
                        choices=[
                            ("superior", "上级工会"),
                            ("county", "区县工会"),
                            ("government", "政府与部门"),
                            ("media", "本地媒体"),
                            ("report", "举报与监督"),
                        ],
                        max_length=12,
                        verbose_name="分组",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "url",
                    models.CharField(
                        max_length=300,
                        validators=[
                            django.core.validators.URLValidator(
                                message="网址应以 https:// 或 http:// 开头",
                                schemes=["http", "https"],
                            )
                        ],
                        verbose_name="网址",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="次序（小的在前）"
                    ),
                ),
            ],
            options={
                "verbose_name": "友情链接",
                "verbose_name_plural": "友情链接",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="GreyPeriod",
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
                ("starts_on", models.DateField(verbose_name="从")),
                ("ends_on", models.DateField(verbose_name="到（含当天）")),
                (
                    "occasion",
                    models.CharField(
                        max_length=60, verbose_name="事由（只在后台可见）"
                    ),
                ),
            ],
            options={
                "verbose_name": "灰色显示日期",
                "verbose_name_plural": "灰色显示日期",
                "ordering": ["-starts_on"],
            },
        ),
        migrations.CreateModel(
            name="SiteMarkEvent",
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
                            ("emblem", "工会会徽（网页左上角）"),
                            ("badge", "党政机关、事业单位网站标识（页脚）"),
                            ("police", "公安备案图标（页脚）"),
                            ("wechat", "公众号二维码（页脚）"),
                        ],
                        max_length=10,
                        verbose_name="用处",
                    ),
                ),
                (
                    "link",
                    models.CharField(
                        blank=True,
                        help_text="标识附带的核验网址；没有就不填。",
                        max_length=300,
                        validators=[
                            django.core.validators.URLValidator(
                                message="网址应以 https:// 或 http:// 开头",
                                schemes=["http", "https"],
                            )
                        ],
                        verbose_name="点击后打开",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        editable=False, max_length=32, verbose_name="文件"
                    ),
                ),
                (
                    "width",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="宽"),
                ),
                (
                    "height",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="高"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SiteSettings",
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
                    "slogan",
                    models.CharField(
                        blank=True,
                        default="钒钛之都 · 阳光花城",
                        max_length=30,
                        verbose_name="标语",
                    ),
                ),
                (
                    "organiser",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="承办单位"
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=120, verbose_name="地址"),
                ),
                (
                    "postcode",
                    models.CharField(
                        blank=True,
                        max_length=6,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9]{6}$", "邮编应为6位数字"
                            )
                        ],
                        verbose_name="邮编",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="页脚和出错页面上的电话，带区号。没有时显示服务热线。",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 -]{2,18}[0-9]$",
                                "电话只能由数字和“-”组成，例如 0812-1234567",
                            )
                        ],
                        verbose_name="联系电话",
                    ),
                ),
                (
                    "hotline",
                    models.CharField(
                        default="12351",
                        help_text="长者版“打电话”打的就是它。",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 -]{2,18}[0-9]$",
                                "电话只能由数字和“-”组成，例如 0812-1234567",
                            )
                        ],
                        verbose_name="职工服务热线",
                    ),
                ),
                (
                    "report_phone",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 -]{2,18}[0-9]$",
                                "电话只能由数字和“-”组成，例如 0812-1234567",
                            )
                        ],
                        verbose_name="违法和不良信息举报电话",
                    ),
                ),
                (
                    "report_email",
                    models.EmailField(
                        blank=True, max_length=80, verbose_name="举报邮箱"
                    ),
                ),
                (
                    "icp",
                    models.CharField(
                        blank=True,
                        help_text="页脚链接到工业和信息化部的备案网站。",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "ICP备[0-9]{5,12}号(-[0-9]{1,3})?$",
                                "应与备案系统一致，例如 蜀ICP备12345678号-1",
                            )
                        ],
                        verbose_name="ICP备案号",
                    ),
                ),
                (
                    "police_record",
                    models.CharField(
                        blank=True,
                        help_text="页脚链接到公安机关的备案网站。",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "公网安备\\s?[0-9]{14}号$",
                                "应与备案系统一致，例如 川公网安备51040202000001号",
                            )
                        ],
                        verbose_name="公安备案号",
                    ),
                ),
                (
                    "id_code",
                    models.CharField(
                        blank=True,
                        help_text="上级分配了才填写。",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9A-Za-z]+$", "只能是数字和字母"
                            )
                        ],
                        verbose_name="网站标识码",
                    ),
                ),
            ],
            options={
                "verbose_name": "网站设置",
                "verbose_name_plural": "网站设置",
            },
        ),
        migrations.CreateModel(
            name="SiteSettingsEvent",
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
                    "slogan",
                    models.CharField(
                        blank=True,
                        default="钒钛之都 · 阳光花城",
                        max_length=30,
                        verbose_name="标语",
                    ),
                ),
                (
                    "organiser",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="承办单位"
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=120, verbose_name="地址"),
                ),
                (
                    "postcode",
                    models.CharField(
                        blank=True,
                        max_length=6,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9]{6}$", "邮编应为6位数字"
                            )
                        ],
                        verbose_name="邮编",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="页脚和出错页面上的电话，带区号。没有时显示服务热线。",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 -]{2,18}[0-9]$",
                                "电话只能由数字和“-”组成，例如 0812-1234567",
                            )
                        ],
                        verbose_name="联系电话",
                    ),
                ),
                (
                    "hotline",
                    models.CharField(
                        default="12351",
                        help_text="长者版“打电话”打的就是它。",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 -]{2,18}[0-9]$",
                                "电话只能由数字和“-”组成，例如 0812-1234567",
                            )
                        ],
                        verbose_name="职工服务热线",
                    ),
                ),
                (
                    "report_phone",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 -]{2,18}[0-9]$",
                                "电话只能由数字和“-”组成，例如 0812-1234567",
                            )
                        ],
                        verbose_name="违法和不良信息举报电话",
                    ),
                ),
                (
                    "report_email",
                    models.EmailField(
                        blank=True, max_length=80, verbose_name="举报邮箱"
                    ),
                ),
                (
                    "icp",
                    models.CharField(
                        blank=True,
                        help_text="页脚链接到工业和信息化部的备案网站。",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "ICP备[0-9]{5,12}号(-[0-9]{1,3})?$",
                                "应与备案系统一致，例如 蜀ICP备12345678号-1",
                            )
                        ],
                        verbose_name="ICP备案号",
                    ),
                ),
                (
                    "police_record",
                    models.CharField(
                        blank=True,
                        help_text="页脚链接到公安机关的备案网站。",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "公网安备\\s?[0-9]{14}号$",
                                "应与备案系统一致，例如 川公网安备51040202000001号",
                            )
                        ],
                        verbose_name="公安备案号",
                    ),
                ),
                (
                    "id_code",
                    models.CharField(
                        blank=True,
                        help_text="上级分配了才填写。",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9A-Za-z]+$", "只能是数字和字母"
                            )
                        ],
                        verbose_name="网站标识码",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FooterLinkEvent",
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
                    "group",
                    models.CharField(
                        choices=[
                            ("superior", "上级工会"),
                            ("county", "区县工会"),
                            ("government", "政府与部门"),
                            ("media", "本地媒体"),
                            ("report", "举报与监督"),
                        ],
                        max_length=12,
                        verbose_name="分组",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "url",
                    models.CharField(
                        max_length=300,
                        validators=[
                            django.core.validators.URLValidator(
                                message="网址应以 https:// 或 http:// 开头",
                                schemes=["http", "https"],
                            )
                        ],
                        verbose_name="网址",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="次序（小的在前）"
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
                        to="unionportal.footerlink",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GreyPeriodEvent",
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
                ("starts_on", models.DateField(verbose_name="从")),
                ("ends_on", models.DateField(verbose_name="到（含当天）")),
                (
                    "occasion",
                    models.CharField(
                        max_length=60, verbose_name="事由（只在后台可见）"
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
                        to="unionportal.greyperiod",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SiteMark",
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
                            ("emblem", "工会会徽（网页左上角）"),
                            ("badge", "党政机关、事业单位网站标识（页脚）"),
                            ("police", "公安备案图标（页脚）"),
                            ("wechat", "公众号二维码（页脚）"),
                        ],
                        max_length=10,
                        verbose_name="用处",
                    ),
                ),
                (
                    "link",
                    models.CharField(
                        blank=True,
                        help_text="标识附带的核验网址；没有就不填。",
                        max_length=300,
                        validators=[
                            django.core.validators.URLValidator(
                                message="网址应以 https:// 或 http:// 开头",
                                schemes=["http", "https"],
                            )
                        ],
                        verbose_name="点击后打开",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        editable=False, max_length=32, verbose_name="文件"
                    ),
                ),
                (
                    "width",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="宽"),
                ),
                (
                    "height",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="高"),
                ),
            ],
            options={
                "verbose_name": "标识图片",
                "verbose_name_plural": "标识图片",
                "ordering": ["kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind",),
                        name="unionportal_sitemark_one_of_a_kind",
                        violation_error_message="这一用处已经有图片，请在原来那行更换。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["emblem", "badge", "police", "wechat"])
                        ),
                        name="unionportal_sitemark_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True),
                            ("height__gt", 0),
                            ("width__gt", 0),
                        ),
                        name="unionportal_sitemark_has_picture",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("link", ""), ("link__regex", "^https?://"), _connector="OR"
                        ),
                        name="unionportal_sitemark_web_address",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitemark",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "unionportal_sitemarkevent" ("created_at", "height", "id", "key", "kind", "link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "width") VALUES (NEW."created_at", NEW."height", NEW."id", NEW."key", NEW."kind", NEW."link", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."updated_at", NEW."width"); RETURN NULL;',
                    hash="123f34cb72e3db872727889fb9837b006de17d18",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_97260",
                    table="unionportal_sitemark",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitemark",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "unionportal_sitemarkevent" ("created_at", "height", "id", "key", "kind", "link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "width") VALUES (NEW."created_at", NEW."height", NEW."id", NEW."key", NEW."kind", NEW."link", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."updated_at", NEW."width"); RETURN NULL;',
                    hash="7fb1338a89149426fd762c53c82195bca4e4e74f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e1c80",
                    table="unionportal_sitemark",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitemark",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "unionportal_sitemarkevent" ("created_at", "height", "id", "key", "kind", "link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "width") VALUES (OLD."created_at", OLD."height", OLD."id", OLD."key", OLD."kind", OLD."link", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."updated_at", OLD."width"); RETURN NULL;',
                    hash="497bc1c10ec9f114baa6a51a8c1757d99a91742f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_edaa5",
                    table="unionportal_sitemark",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="sitemarkevent",
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
            model_name="sitemarkevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="unionportal.sitemark",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)),
                name="unionportal_sitesettings_single_row",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("hotline", ""), _negated=True),
                name="unionportal_sitesettings_has_hotline",
            ),
        ),
        migrations.AddField(
            model_name="greyperiodevent",
            name="site",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="unionportal.sitesettings",
                verbose_name="网站设置",
            ),
        ),
        migrations.AddField(
            model_name="greyperiod",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="unionportal.sitesettings",
                verbose_name="网站设置",
            ),
        ),
        migrations.AddField(
            model_name="footerlinkevent",
            name="site",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="unionportal.sitesettings",
                verbose_name="网站设置",
            ),
        ),
        migrations.AddField(
            model_name="footerlink",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="unionportal.sitesettings",
                verbose_name="网站设置",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitesettings",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "unionportal_sitesettingsevent" ("address", "created_at", "hotline", "icp", "id", "id_code", "organiser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "police_record", "postcode", "report_email", "report_phone", "slogan", "updated_at") VALUES (NEW."address", NEW."created_at", NEW."hotline", NEW."icp", NEW."id", NEW."id_code", NEW."organiser", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."police_record", NEW."postcode", NEW."report_email", NEW."report_phone", NEW."slogan", NEW."updated_at"); RETURN NULL;',
                    hash="fe4a0b70f60308a0ed4775c0e97cb8c10fd49460",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a4470",
                    table="unionportal_sitesettings",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitesettings",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "unionportal_sitesettingsevent" ("address", "created_at", "hotline", "icp", "id", "id_code", "organiser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "police_record", "postcode", "report_email", "report_phone", "slogan", "updated_at") VALUES (NEW."address", NEW."created_at", NEW."hotline", NEW."icp", NEW."id", NEW."id_code", NEW."organiser", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."police_record", NEW."postcode", NEW."report_email", NEW."report_phone", NEW."slogan", NEW."updated_at"); RETURN NULL;',
                    hash="13b0aa0d882c34d375bc7ef7ea2a1268b74182c9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_44225",
                    table="unionportal_sitesettings",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitesettings",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "unionportal_sitesettingsevent" ("address", "created_at", "hotline", "icp", "id", "id_code", "organiser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "police_record", "postcode", "report_email", "report_phone", "slogan", "updated_at") VALUES (OLD."address", OLD."created_at", OLD."hotline", OLD."icp", OLD."id", OLD."id_code", OLD."organiser", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."police_record", OLD."postcode", OLD."report_email", OLD."report_phone", OLD."slogan", OLD."updated_at"); RETURN NULL;',
                    hash="85c60c82b5f430860fd27c9aef697cbbfcc58c69",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3ea5e",
                    table="unionportal_sitesettings",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="sitesettingsevent",
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
            model_name="sitesettingsevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="unionportal.sitesettings",
            ),
        ),
        migrations.AddConstraint(
            model_name="greyperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="unionportal_greyperiod_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="greyperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "unionportal_greyperiodevent" ("created_at", "ends_on", "id", "occasion", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "starts_on", "updated_at") VALUES (NEW."created_at", NEW."ends_on", NEW."id", NEW."occasion", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."starts_on", NEW."updated_at"); RETURN NULL;',
                    hash="edb5d1f1846d624cd1b1dbb6c1c7180a18d03a3b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_eefd5",
                    table="unionportal_greyperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="greyperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "unionportal_greyperiodevent" ("created_at", "ends_on", "id", "occasion", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "starts_on", "updated_at") VALUES (NEW."created_at", NEW."ends_on", NEW."id", NEW."occasion", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id", NEW."starts_on", NEW."updated_at"); RETURN NULL;',
                    hash="aee70bec713cceda918ed762198e44a9909d3658",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_88021",
                    table="unionportal_greyperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="greyperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "unionportal_greyperiodevent" ("created_at", "ends_on", "id", "occasion", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "starts_on", "updated_at") VALUES (OLD."created_at", OLD."ends_on", OLD."id", OLD."occasion", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."site_id", OLD."starts_on", OLD."updated_at"); RETURN NULL;',
                    hash="11cc1162b0a22c6f4336ad9046752167c8102ce9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fdb21",
                    table="unionportal_greyperiod",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="footerlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "group__in",
                        ["superior", "county", "government", "media", "report"],
                    )
                ),
                name="unionportal_footerlink_known_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="footerlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__regex", "^https?://")),
                name="unionportal_footerlink_web_address",
                violation_error_message="网址应以 https:// 或 http:// 开头",
            ),
        ),
        migrations.AddConstraint(
            model_name="footerlink",
            constraint=models.UniqueConstraint(
                fields=("group", "name"),
                name="unionportal_footerlink_once_a_group",
                violation_error_message="这一组里已经有同名的链接。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="footerlink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "unionportal_footerlinkevent" ("created_at", "group", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "updated_at", "url") VALUES (NEW."created_at", NEW."group", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."site_id", NEW."updated_at", NEW."url"); RETURN NULL;',
                    hash="f7af4803228bc92fef9e01d748b17722db38a7d6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a58b6",
                    table="unionportal_footerlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="footerlink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "unionportal_footerlinkevent" ("created_at", "group", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "updated_at", "url") VALUES (NEW."created_at", NEW."group", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."site_id", NEW."updated_at", NEW."url"); RETURN NULL;',
                    hash="102a8359d3c56ac7e1f842393526b59f77fab1b8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2f027",
                    table="unionportal_footerlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="footerlink",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "unionportal_footerlinkevent" ("created_at", "group", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "updated_at", "url") VALUES (OLD."created_at", OLD."group", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."site_id", OLD."updated_at", OLD."url"); RETURN NULL;',
                    hash="be1140a1197b1624742619d8ee6076d53aaeda79",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7d35c",
                    table="unionportal_footerlink",
                    when="AFTER",
                ),
            ),
        ),
    ]
