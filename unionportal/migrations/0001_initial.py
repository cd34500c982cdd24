import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    initial = True

    dependencies = []

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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="8c3b6e630c17f495b379d4a45891792f842a8992",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_4bd91",
                    table="unionportal_sitemark",
                    when="AFTER",
                ),
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
            model_name="greyperiod",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="a4bd4051936051f1275c932813f35f8f2d1bf7ec",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_4d265",
                    table="unionportal_sitesettings",
                    when="AFTER",
                ),
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="c0377bcb92d94155f91caa53ecb3d5bfa584e81f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_412d9",
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
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="7cc84b4ba556cd7e0c8261c63736bd707b43afd4",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_17960",
                    table="unionportal_footerlink",
                    when="AFTER",
                ),
            ),
        ),
    ]
