import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    dependencies = [
        ("honors", "0003_searching"),
        ("members", "0006_union_short_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CompositionRule",
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
                            ("frontline", "一线职工"),
                            ("women", "女职工"),
                            ("migrant", "农民工"),
                            ("heads", "企业负责人"),
                        ],
                        max_length=10,
                        verbose_name="人员",
                    ),
                ),
                (
                    "bound",
                    models.CharField(
                        choices=[("floor", "不低于"), ("ceiling", "不高于")],
                        max_length=10,
                        verbose_name="要求",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(verbose_name="比例（%）")),
                (
                    "is_hard",
                    models.BooleanField(
                        default=True,
                        help_text="不满足时名单不能提交。",
                        verbose_name="硬性要求",
                    ),
                ),
            ],
            options={
                "verbose_name": "名单构成要求",
                "verbose_name_plural": "名单构成要求",
                "ordering": ["edition", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
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
                ("name", models.CharField(max_length=20, verbose_name="评选标准")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="权重（%）")),
                (
                    "description",
                    models.CharField(blank=True, max_length=200, verbose_name="说明"),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="排序"),
                ),
            ],
            options={
                "verbose_name": "评选标准",
                "verbose_name_plural": "评选标准",
                "ordering": ["program", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Nomination",
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
                    models.CharField(
                        blank=True, max_length=60, verbose_name="姓名或集体名称"
                    ),
                ),
                ("is_group", models.BooleanField(default=False, verbose_name="集体")),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("woman", "女"), ("man", "男")],
                        max_length=5,
                        verbose_name="性别",
                    ),
                ),
                (
                    "ethnicity",
                    models.CharField(blank=True, max_length=20, verbose_name="民族"),
                ),
                (
                    "employer",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="工作单位"
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="岗位或职务"
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("steel", "钢铁钒钛"),
                            ("mining", "能源矿业"),
                            ("machinery", "机械制造"),
                            ("building", "建筑水电"),
                            ("transport", "交通运输"),
                            ("health", "医疗卫生"),
                            ("education", "教育科研"),
                            ("public", "公共服务"),
                            ("culture", "文化旅游"),
                            ("farming", "现代农业"),
                            ("other", "其他行业"),
                        ],
                        max_length=12,
                        verbose_name="行业",
                    ),
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
                    "is_head",
                    models.BooleanField(default=False, verbose_name="企业负责人"),
                ),
                ("brief", models.TextField(blank=True, verbose_name="简要事迹")),
                ("deeds", models.TextField(blank=True, verbose_name="详细事迹")),
                (
                    "brief_length",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Length(
                            django.db.models.functions.text.Replace(
                                django.db.models.functions.text.Replace(
                                    "brief", models.Value(" "), models.Value("")
                                ),
                                models.Value("\n"),
                                models.Value(""),
                            )
                        ),
                        output_field=models.IntegerField(),
                        verbose_name="简要事迹字数",
                    ),
                ),
                (
                    "deeds_length",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Length(
                            django.db.models.functions.text.Replace(
                                django.db.models.functions.text.Replace(
                                    "deeds", models.Value(" "), models.Value("")
                                ),
                                models.Value("\n"),
                                models.Value(""),
                            )
                        ),
                        output_field=models.IntegerField(),
                        verbose_name="详细事迹字数",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("unit_notice", "单位公示中"),
                            ("unit_submitted", "待县区（产业）工会审核"),
                            ("county_review", "县区（产业）工会已同意，待资格审查"),
                            ("eligible", "资格审查通过"),
                            ("jury", "评审中"),
                            ("shortlisted", "拟推荐人选"),
                            ("city_notice", "市级公示中"),
                            ("approved", "已审定"),
                            ("conferred", "已授予"),
                            ("returned", "已退回，待修改"),
                            ("rejected", "未通过"),
                            ("withdrawn", "已撤回"),
                            ("revoked", "已撤销"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, editable=False, verbose_name="版本"
                    ),
                ),
                (
                    "content_digest",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=64,
                        verbose_name="内容校验值",
                    ),
                ),
                (
                    "unit_notice_from",
                    models.DateField(
                        editable=False, null=True, verbose_name="单位公示开始"
                    ),
                ),
                (
                    "unit_notice_until",
                    models.DateField(
                        editable=False, null=True, verbose_name="单位公示截止"
                    ),
                ),
                (
                    "unit_notice_place",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=100,
                        verbose_name="单位公示地点",
                    ),
                ),
                (
                    "unit_notice_digest",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=64,
                        verbose_name="公示内容校验值",
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="首次提交时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "推荐人选",
                "verbose_name_plural": "推荐人选",
                "ordering": ["-pk"],
                "permissions": [
                    ("nominate", "代表单位推荐人选"),
                    ("review_nomination", "县区（产业）审核推荐人选"),
                    ("run_edition", "组织评选"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NominationDocument",
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
                            ("unit", "职代会或单位意见"),
                            ("scan", "盖章的推荐表或证明"),
                            ("photo", "照片"),
                            ("opinion", "有关部门意见"),
                            ("step", "办理文书"),
                            ("passport", "职工成长档案"),
                            ("other", "其他材料"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("pdf", "PDF文件"), ("picture", "图片")],
                        max_length=10,
                        verbose_name="格式",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="文件名")),
                ("key", models.CharField(editable=False, max_length=32, unique=True)),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="上传时间",
                    ),
                ),
                (
                    "removed_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="移除时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "推荐材料",
                "verbose_name_plural": "推荐材料",
                "ordering": ["nomination", "pk"],
            },
        ),
        migrations.CreateModel(
            name="NominationStep",
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
                    "from_state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("unit_notice", "单位公示中"),
                            ("unit_submitted", "待县区（产业）工会审核"),
                            ("county_review", "县区（产业）工会已同意，待资格审查"),
                            ("eligible", "资格审查通过"),
                            ("jury", "评审中"),
                            ("shortlisted", "拟推荐人选"),
                            ("city_notice", "市级公示中"),
                            ("approved", "已审定"),
                            ("conferred", "已授予"),
                            ("returned", "已退回，待修改"),
                            ("rejected", "未通过"),
                            ("withdrawn", "已撤回"),
                            ("revoked", "已撤销"),
                        ],
                        max_length=16,
                        verbose_name="原状态",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("unit_notice", "单位公示中"),
                            ("unit_submitted", "待县区（产业）工会审核"),
                            ("county_review", "县区（产业）工会已同意，待资格审查"),
                            ("eligible", "资格审查通过"),
                            ("jury", "评审中"),
                            ("shortlisted", "拟推荐人选"),
                            ("city_notice", "市级公示中"),
                            ("approved", "已审定"),
                            ("conferred", "已授予"),
                            ("returned", "已退回，待修改"),
                            ("rejected", "未通过"),
                            ("withdrawn", "已撤回"),
                            ("revoked", "已撤销"),
                        ],
                        max_length=16,
                        verbose_name="新状态",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("steward", "推荐单位"),
                            ("reviewer", "县区（产业）工会"),
                            ("secretary", "市总工会"),
                        ],
                        max_length=10,
                        verbose_name="身份",
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
                (
                    "reason",
                    models.CharField(blank=True, max_length=500, verbose_name="意见"),
                ),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                (
                    "content_digest",
                    models.CharField(max_length=64, verbose_name="内容校验值"),
                ),
            ],
            options={
                "verbose_name": "办理记录",
                "verbose_name_plural": "办理记录",
                "ordering": ["nomination", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
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
                ("is_self", models.BooleanField(default=True, verbose_name="自荐")),
                ("name", models.CharField(max_length=60, verbose_name="被提名人")),
                (
                    "position",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="岗位或职务"
                    ),
                ),
                ("reason", models.TextField(max_length=1000, verbose_name="推荐理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待单位工会办理"),
                            ("taken", "单位工会已受理"),
                            ("declined", "单位工会未受理"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="提名时间",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(null=True, verbose_name="办理时间"),
                ),
                (
                    "answer",
                    models.CharField(blank=True, max_length=200, verbose_name="答复"),
                ),
            ],
            options={
                "verbose_name": "职工提名",
                "verbose_name_plural": "职工提名",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RequiredDocument",
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
                ("name", models.CharField(max_length=40, verbose_name="材料名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unit", "职代会或单位意见"),
                            ("scan", "盖章的推荐表或证明"),
                            ("photo", "照片"),
                            ("opinion", "有关部门意见"),
                            ("step", "办理文书"),
                            ("passport", "职工成长档案"),
                            ("other", "其他材料"),
                        ],
                        default="scan",
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "is_required",
                    models.BooleanField(default=True, verbose_name="必须提交"),
                ),
                (
                    "is_for_heads",
                    models.BooleanField(default=False, verbose_name="只要求企业负责人"),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="排序"),
                ),
            ],
            options={
                "verbose_name": "申报材料",
                "verbose_name_plural": "申报材料",
                "ordering": ["program", "position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="awardedition",
            name="announced_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="发布时间"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="county_review_by",
            field=models.DateField(
                blank=True, null=True, verbose_name="县区（产业）审核截止日"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="first_day_counts",
            field=models.BooleanField(default=True, verbose_name="公示首日计入天数"),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="jury_from",
            field=models.DateField(blank=True, null=True, verbose_name="评审开始日"),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="jury_mode",
            field=models.CharField(
                choices=[
                    ("assigned", "每份材料指定评委"),
                    ("everybody", "每位评委评全部材料"),
                ],
                default="everybody",
                max_length=10,
                verbose_name="评审方式",
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="jury_until",
            field=models.DateField(blank=True, null=True, verbose_name="评审截止日"),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="name_order",
            field=models.CharField(
                choices=[
                    ("surname", "按姓氏笔画（单名排在双名前）"),
                    ("full", "按姓名笔画（逐字比较）"),
                ],
                default="surname",
                max_length=10,
                verbose_name="名单排列",
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="nominations_close_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="推荐截止时间"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="nominations_open_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="推荐开始时间"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="nominators",
            field=models.CharField(
                blank=True,
                help_text="例如：全市基层工会，推荐人选须为在岗职工。",
                max_length=300,
                verbose_name="谁可以推荐",
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="notice_days",
            field=models.PositiveSmallIntegerField(
                default=5, help_text="工作日，不少于5天。", verbose_name="市级公示天数"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="quorum",
            field=models.PositiveSmallIntegerField(
                default=3, verbose_name="有效评委人数"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="quota",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="评选名额"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="score_method",
            field=models.CharField(
                choices=[
                    ("median", "取中位数"),
                    ("trimmed", "去掉一个最高分和一个最低分后取平均"),
                ],
                default="median",
                max_length=10,
                verbose_name="计分方法",
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="takes_proposals",
            field=models.BooleanField(
                default=True,
                help_text="职工可以自荐或提名同事，由所在单位工会决定是否推荐。",
                verbose_name="接受职工提名",
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="unit_notice_days",
            field=models.PositiveSmallIntegerField(
                default=5, help_text="工作日。", verbose_name="单位公示天数"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="unit_quota",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="留空为不限。",
                null=True,
                verbose_name="每个单位最多推荐",
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="vote_closes_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="投票截止时间"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="vote_opens_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="投票开始时间"
            ),
        ),
        migrations.AddField(
            model_name="awardedition",
            name="vote_weight",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="不超过40。", verbose_name="投票占总成绩（%）"
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("nominations_close_at__isnull", True),
                        ("nominations_open_at__isnull", True),
                    ),
                    models.Q(
                        ("nominations_close_at__isnull", False),
                        ("nominations_open_at__isnull", False),
                        ("nominations_open_at__lt", models.F("nominations_close_at")),
                    ),
                    _connector="OR",
                ),
                name="honors_awardedition_nominations_in_order",
                violation_error_message="推荐截止时间应晚于开始时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("announced_at__isnull", True),
                    ("nominations_open_at__isnull", False),
                    _connector="OR",
                ),
                name="honors_awardedition_announced_with_dates",
                violation_error_message="发布前请填写推荐的起止时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("jury_from__isnull", True), ("jury_until__isnull", True)),
                    models.Q(
                        ("jury_from__isnull", False),
                        ("jury_from__lte", models.F("jury_until")),
                        ("jury_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="honors_awardedition_jury_in_order",
                violation_error_message="评审截止日不能早于开始日。",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("vote_closes_at__isnull", True),
                        ("vote_opens_at__isnull", True),
                    ),
                    models.Q(
                        ("vote_closes_at__isnull", False),
                        ("vote_opens_at__isnull", False),
                        ("vote_opens_at__lt", models.F("vote_closes_at")),
                    ),
                    _connector="OR",
                ),
                name="honors_awardedition_vote_in_order",
                violation_error_message="投票截止时间应晚于开始时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(("vote_weight__lte", 40)),
                name="honors_awardedition_vote_weighs_at_most_40",
                violation_error_message="投票占总成绩不能超过40%。",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(("notice_days__gte", 5), ("notice_days__lte", 30)),
                name="honors_awardedition_notice_of_five_days",
                violation_error_message="市级公示为5到30个工作日。",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unit_notice_days__gte", 1), ("unit_notice_days__lte", 30)
                ),
                name="honors_awardedition_unit_notice_days_plausible",
                violation_error_message="单位公示为1到30个工作日。",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardedition",
            constraint=models.CheckConstraint(
                condition=models.Q(("quorum__gte", 1)),
                name="honors_awardedition_quorum_of_somebody",
                violation_error_message="有效评委至少1人。",
            ),
        ),
        migrations.AddField(
            model_name="compositionrule",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="composition",
                to="honors.awardedition",
                verbose_name="评选届次",
            ),
        ),
        migrations.AddField(
            model_name="criterion",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="criteria",
                to="honors.awardprogram",
                verbose_name="荣誉称号",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="填报人",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="nominations",
                to="honors.awardedition",
                verbose_name="评选届次",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="nominations",
                to="members.unionorg",
                verbose_name="推荐单位",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="worker",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="nominations",
                to="members.worker",
                verbose_name="对应职工",
            ),
        ),
        migrations.AddField(
            model_name="nominationdocument",
            name="nomination",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="honors.nomination",
                verbose_name="推荐人选",
            ),
        ),
        migrations.AddField(
            model_name="nominationdocument",
            name="uploaded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="上传人",
            ),
        ),
        migrations.AddField(
            model_name="nominationstep",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="办理人",
            ),
        ),
        migrations.AddField(
            model_name="nominationstep",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="honors.nominationdocument",
                verbose_name="文书",
            ),
        ),
        migrations.AddField(
            model_name="nominationstep",
            name="nomination",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="honors.nomination",
                verbose_name="推荐人选",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="办理人",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="honors.awardedition",
                verbose_name="评选届次",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="nomination",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposal",
                to="honors.nomination",
                verbose_name="推荐人选",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="proposer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="proposals",
                to="members.worker",
                verbose_name="提名人",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="members.unionorg",
                verbose_name="工会",
            ),
        ),
        migrations.AddField(
            model_name="requireddocument",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="documents",
                to="honors.awardprogram",
                verbose_name="荣誉称号",
            ),
        ),
        migrations.AddField(
            model_name="nominationdocument",
            name="required_document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="honors.requireddocument",
                verbose_name="对应材料",
            ),
        ),
        migrations.AddConstraint(
            model_name="compositionrule",
            constraint=models.UniqueConstraint(
                fields=("edition", "kind", "bound"),
                name="honors_compositionrule_once",
                violation_error_message="这一届已有同样的构成要求。",
            ),
        ),
        migrations.AddConstraint(
            model_name="compositionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__lte", 100)),
                name="honors_compositionrule_percent_of_whole",
                violation_error_message="比例为0到100。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="compositionrule",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="425f2930eae6e9d3dfe4ddf3ac88ae04bda82d2f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_bb493",
                    table="honors_compositionrule",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.UniqueConstraint(
                fields=("program", "name"),
                name="honors_criterion_name_once",
                violation_error_message="这一荣誉称号已有同名的标准。",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 1), ("weight__lte", 100)),
                name="honors_criterion_weight_within_whole",
                violation_error_message="权重为1到100。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="c3c72709f765d71c622193bcdab7ac292eaac33e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_99f4d",
                    table="honors_criterion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="nomination",
            index=models.Index(
                fields=["edition", "state"], name="honors_nomination_standing"
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("worker__isnull", False),
                    models.Q(("state__in", ("rejected", "withdrawn")), _negated=True),
                ),
                fields=("edition", "worker"),
                name="honors_nomination_one_live",
                violation_error_message="这名职工在本届已有推荐。",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "unit_notice",
                            "unit_submitted",
                            "county_review",
                            "eligible",
                            "jury",
                            "shortlisted",
                            "city_notice",
                            "approved",
                            "conferred",
                            "returned",
                            "rejected",
                            "withdrawn",
                            "revoked",
                        ],
                    )
                ),
                name="honors_nomination_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "returned", "rejected", "withdrawn"]),
                    models.Q(("name", ""), _negated=True),
                    _connector="OR",
                ),
                name="honors_nomination_named_when_noticed",
                violation_error_message="请填写姓名。",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "returned", "rejected", "withdrawn"]),
                    ("brief_length__lte", 500),
                    _connector="OR",
                ),
                name="honors_nomination_brief_within_limit",
                violation_error_message="简要事迹不能超过500字。",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "returned", "rejected", "withdrawn"]),
                    ("deeds_length__lte", 2000),
                    _connector="OR",
                ),
                name="honors_nomination_deeds_within_limit",
                violation_error_message="详细事迹不能超过2000字。",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("unit_notice_digest", ""),
                        ("unit_notice_from__isnull", True),
                        ("unit_notice_until__isnull", True),
                    ),
                    models.Q(
                        ("unit_notice_until__gte", models.F("unit_notice_from")),
                        models.Q(("unit_notice_digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="honors_nomination_notice_whole_or_absent",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nomination",
            trigger=pgtrigger.compiler.Trigger(
                name="rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE call honors_awardedition%ROWTYPE; today date;",
                    func="\n        NEW.content_digest := encode(sha256(convert_to(json_build_array(\n            NEW.name, NEW.is_group, NEW.gender, NEW.ethnicity, NEW.employer,\n            NEW.position, NEW.industry, NEW.is_frontline, NEW.is_migrant, NEW.is_head,\n            NEW.brief, NEW.deeds)::text, 'UTF8')), 'hex');\n        IF TG_OP = 'INSERT' THEN\n            IF NEW.state <> 'draft' THEN\n                RAISE EXCEPTION 'A nomination begins as a draft.' USING\n                    ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_begins';\n            END IF;\n            NEW.version := 1;\n            RETURN NEW;\n        END IF;\n        NEW.version := OLD.version;\n        IF NEW.edition_id <> OLD.edition_id OR NEW.unit_id <> OLD.unit_id THEN\n            RAISE EXCEPTION 'A nomination stays with its edition and unit.' USING\n                ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_stays';\n        END IF;\n        IF NEW.content_digest <> OLD.content_digest THEN\n            NEW.version := OLD.version + 1;\n            IF OLD.state NOT IN ('draft', 'returned', 'eligible', 'shortlisted', 'city_notice') OR NEW.state <> OLD.state THEN\n                RAISE EXCEPTION 'The words of a nomination in this state are fixed.' USING\n                    ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_fixed';\n            END IF;\n        END IF;\n        IF NEW.state = OLD.state THEN RETURN NEW; END IF;\n        IF NOT EXISTS (SELECT FROM (\n                SELECT s.from_state, s.to_state FROM honors_nominationstep s\n                WHERE s.nomination_id = NEW.id ORDER BY s.id DESC LIMIT 1) last\n                WHERE last.from_state = OLD.state AND last.to_state = NEW.state) THEN\n            RAISE EXCEPTION 'A state needs its step.' USING\n                ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_stepped';\n        END IF;\n        IF NEW.state = 'unit_submitted' THEN\n            SELECT * INTO call FROM honors_awardedition e WHERE e.id = NEW.edition_id;\n            today := (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;\n            IF NEW.unit_notice_digest <> NEW.content_digest\n                    OR coalesce(NEW.unit_notice_until >= today, true) THEN\n                RAISE EXCEPTION 'The unit''s notice is not over.' USING\n                    ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_noticed';\n            END IF;\n            IF NOT coalesce(statement_timestamp() >= call.nominations_open_at\n                    AND statement_timestamp() < call.nominations_close_at, false)\n                AND NOT (OLD.state = 'returned'\n                    AND coalesce(today <= call.county_review_by, false)) THEN\n                RAISE EXCEPTION 'Nominations are closed.' USING\n                    ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_in_time';\n            END IF;\n        END IF;\n        RETURN NEW;\n    ",
                    hash="56d7395afded2ae79f15d7895c8d52b5b42616d0",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_rules_992f2",
                    table="honors_nomination",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nomination",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{brief,brief_length,changed_at,content_digest,deeds,deeds_length,employer,ethnicity,gender,name,position,unit_notice_digest,unit_notice_place,updated_at}'); RETURN NULL;",
                    hash="3160524bb745d9a3aedf3cd7cd46badcef8b8899",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_bf753",
                    table="honors_nomination",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="nominationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("from_state", "draft"),
                        ("role__in", ["steward"]),
                        ("to_state", "unit_notice"),
                    ),
                    models.Q(
                        ("from_state", "unit_notice"),
                        ("role__in", ["steward"]),
                        ("to_state", "draft"),
                    ),
                    models.Q(
                        ("from_state", "unit_notice"),
                        ("role__in", ["steward"]),
                        ("to_state", "unit_submitted"),
                    ),
                    models.Q(
                        ("from_state", "returned"),
                        ("role__in", ["steward"]),
                        ("to_state", "unit_notice"),
                    ),
                    models.Q(
                        ("from_state", "returned"),
                        ("role__in", ["steward"]),
                        ("to_state", "unit_submitted"),
                    ),
                    models.Q(
                        ("from_state", "unit_submitted"),
                        ("role__in", ["reviewer", "secretary"]),
                        ("to_state", "county_review"),
                    ),
                    models.Q(
                        ("from_state", "unit_submitted"),
                        ("role__in", ["reviewer", "secretary"]),
                        ("to_state", "returned"),
                    ),
                    models.Q(
                        ("from_state", "unit_submitted"),
                        ("role__in", ["reviewer", "secretary"]),
                        ("to_state", "rejected"),
                    ),
                    models.Q(
                        ("from_state", "county_review"),
                        ("role__in", ["secretary"]),
                        ("to_state", "eligible"),
                    ),
                    models.Q(
                        ("from_state", "county_review"),
                        ("role__in", ["secretary"]),
                        ("to_state", "returned"),
                    ),
                    models.Q(
                        ("from_state", "county_review"),
                        ("role__in", ["secretary"]),
                        ("to_state", "rejected"),
                    ),
                    models.Q(
                        ("from_state", "eligible"),
                        ("role__in", ["secretary"]),
                        ("to_state", "jury"),
                    ),
                    models.Q(
                        ("from_state", "jury"),
                        ("role__in", ["secretary"]),
                        ("to_state", "shortlisted"),
                    ),
                    models.Q(
                        ("from_state", "shortlisted"),
                        ("role__in", ["secretary"]),
                        ("to_state", "jury"),
                    ),
                    models.Q(
                        ("from_state", "shortlisted"),
                        ("role__in", ["secretary"]),
                        ("to_state", "city_notice"),
                    ),
                    models.Q(
                        ("from_state", "city_notice"),
                        ("role__in", ["secretary"]),
                        ("to_state", "approved"),
                    ),
                    models.Q(
                        ("from_state", "approved"),
                        ("role__in", ["secretary"]),
                        ("to_state", "conferred"),
                    ),
                    models.Q(
                        ("from_state", "conferred"),
                        ("role__in", ["secretary"]),
                        ("to_state", "revoked"),
                    ),
                    models.Q(
                        ("from_state", "revoked"),
                        ("role__in", ["secretary"]),
                        ("to_state", "conferred"),
                    ),
                    models.Q(
                        ("from_state", "eligible"),
                        ("role__in", ["secretary"]),
                        ("to_state", "rejected"),
                    ),
                    models.Q(
                        ("from_state", "jury"),
                        ("role__in", ["secretary"]),
                        ("to_state", "rejected"),
                    ),
                    models.Q(
                        ("from_state", "shortlisted"),
                        ("role__in", ["secretary"]),
                        ("to_state", "rejected"),
                    ),
                    models.Q(
                        ("from_state", "city_notice"),
                        ("role__in", ["secretary"]),
                        ("to_state", "rejected"),
                    ),
                    models.Q(
                        ("from_state", "approved"),
                        ("role__in", ["secretary"]),
                        ("to_state", "rejected"),
                    ),
                    models.Q(
                        ("from_state", "draft"),
                        ("role__in", ["steward"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "unit_notice"),
                        ("role__in", ["steward"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "returned"),
                        ("role__in", ["steward"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "unit_submitted"),
                        ("role__in", ["steward", "secretary"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "county_review"),
                        ("role__in", ["steward", "secretary"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "eligible"),
                        ("role__in", ["steward", "secretary"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "jury"),
                        ("role__in", ["steward", "secretary"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "shortlisted"),
                        ("role__in", ["steward", "secretary"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "city_notice"),
                        ("role__in", ["steward", "secretary"]),
                        ("to_state", "withdrawn"),
                    ),
                    models.Q(
                        ("from_state", "approved"),
                        ("role__in", ["steward", "secretary"]),
                        ("to_state", "withdrawn"),
                    ),
                    _connector="OR",
                ),
                name="honors_nominationstep_legal",
                violation_error_message="不能从当前状态直接到这一步。",
            ),
        ),
        migrations.AddConstraint(
            model_name="nominationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "to_state__in",
                            ("returned", "rejected", "withdrawn", "revoked"),
                        ),
                        _negated=True,
                    ),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="honors_nominationstep_has_reason",
                violation_error_message="请填写原因。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nominationstep",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7be8e075fc779900e441afaf7e4f14e5f597e122",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_cec03",
                    table="honors_nominationstep",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nominationstep",
            trigger=pgtrigger.compiler.Trigger(
                name="follows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF NOT EXISTS (SELECT FROM honors_nomination n\n                WHERE n.id = NEW.nomination_id AND n.state = NEW.from_state) THEN\n            RAISE EXCEPTION 'The nomination is somewhere else.' USING\n                ERRCODE = 'check_violation', CONSTRAINT = 'honors_nominationstep_follows';\n        END IF;\n        IF NEW.role <> 'steward' AND EXISTS (SELECT FROM honors_nominationstep s\n                WHERE s.nomination_id = NEW.nomination_id AND s.role = 'steward'\n                AND s.by_id = NEW.by_id) THEN\n            RAISE EXCEPTION 'Who nominates does not judge.' USING\n                ERRCODE = 'check_violation', CONSTRAINT = 'honors_nominationstep_apart';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="0a941f6afc8e1a1c926af568605d6e52151d9842",
                    operation="INSERT",
                    pgid="pgtrigger_follows_0819f",
                    table="honors_nominationstep",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("edition", "proposer", "name"),
                name="honors_proposal_one_open",
                violation_error_message="您已提名过这位人选，请等待单位工会办理。",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", True),
                        ("nomination__isnull", True),
                        ("state", "open"),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("nomination__isnull", False),
                        ("state", "taken"),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("nomination__isnull", True),
                        ("state", "declined"),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="honors_proposal_answered_whole",
                violation_error_message="请填写答复。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{answer,changed_at,name,position,reason,updated_at}'); RETURN NULL;",
                    hash="1f3a69ba9d0aef20a9f5c7742a925f3873ee91da",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_67418",
                    table="honors_proposal",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="requireddocument",
            constraint=models.UniqueConstraint(
                fields=("program", "name"),
                name="honors_requireddocument_name_once",
                violation_error_message="这一荣誉称号已有同名的材料。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requireddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="72ee4cf94e46b01cb8393a2a815ffb05fa83fd26",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_f6c83",
                    table="honors_requireddocument",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="nominationdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)),
                name="honors_nominationdocument_not_empty",
                violation_error_message="文件是空的。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nominationdocument",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,key,name,sha256,updated_at}'); RETURN NULL;",
                    hash="7605745785316eecdb415afe9603e3d3a54d9c65",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_29620",
                    table="honors_nominationdocument",
                    when="AFTER",
                ),
            ),
        ),
    ]
