from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AwardEdition",
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
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                (
                    "title",
                    models.CharField(
                        help_text="例如：2018年“攀枝花工匠”。",
                        max_length=80,
                        verbose_name="届次名称",
                    ),
                ),
                (
                    "conferred_on",
                    models.DateField(
                        blank=True,
                        help_text="从这一天起可以在届次列表中“授予并公开”，此前获奖者不公开。只知道年份的旧届次可留空。",
                        null=True,
                        verbose_name="表彰日期",
                    ),
                ),
                (
                    "awarding_body",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="授予单位"
                    ),
                ),
                (
                    "conferred_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="公开时间"
                    ),
                ),
                (
                    "doc_no",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="表彰文号"
                    ),
                ),
                ("intro", models.TextField(blank=True, verbose_name="说明")),
            ],
            options={
                "verbose_name": "评选届次",
                "verbose_name_plural": "评选届次",
                "ordering": ["-year", "pk"],
                "permissions": [("confer_awardedition", "授予并公开届次")],
            },
        ),
        migrations.CreateModel(
            name="AwardProgram",
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
                        max_length=40, unique=True, verbose_name="荣誉称号"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("national", "国家级"),
                            ("provincial", "省级"),
                            ("city", "市级"),
                            ("county", "县区级"),
                            ("unit", "单位级"),
                        ],
                        default="city",
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("craftsman", "工匠"),
                            ("beautiful", "最美劳动者"),
                            ("civil", "文明先锋"),
                            ("model", "劳动模范"),
                            ("medal", "五一劳动奖章"),
                            ("collective", "集体荣誉"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("intro", models.TextField(blank=True, verbose_name="简介")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="数字小的排在前面。", verbose_name="排序"
                    ),
                ),
            ],
            options={
                "verbose_name": "荣誉称号",
                "verbose_name_plural": "荣誉称号",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Honoree",
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
                    models.CharField(max_length=60, verbose_name="姓名或集体名称"),
                ),
                ("is_group", models.BooleanField(default=False, verbose_name="集体")),
                (
                    "employer",
                    models.CharField(
                        blank=True,
                        help_text="旧荣誉查不到单位的可留空。",
                        max_length=100,
                        verbose_name="获奖时的单位",
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="获奖时的岗位"
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
                    "deed",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="一句话事迹"
                    ),
                ),
                (
                    "deeds",
                    models.TextField(
                        blank=True, help_text="空一行即另起一段。", verbose_name="事迹"
                    ),
                ),
                (
                    "motto",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="本人的话"
                    ),
                ),
                (
                    "cert_no",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="证书编号"
                    ),
                ),
                (
                    "sort_key",
                    models.CharField(
                        blank=True,
                        db_collation="C",
                        editable=False,
                        max_length=400,
                        verbose_name="排序依据",
                    ),
                ),
                (
                    "portrait_key",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=32,
                        verbose_name="照片文件",
                    ),
                ),
                (
                    "portrait_width",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="照片宽度"
                    ),
                ),
                (
                    "portrait_height",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="照片高度"
                    ),
                ),
                (
                    "revoked_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="撤销日期"
                    ),
                ),
                (
                    "revoke_reason",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=200,
                        verbose_name="撤销原因",
                    ),
                ),
            ],
            options={
                "verbose_name": "获奖者",
                "verbose_name_plural": "获奖者",
                "ordering": ["-pk"],
                "permissions": [("revoke_honoree", "撤销荣誉")],
            },
        ),
    ]
