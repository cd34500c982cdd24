from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CourseClass",
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
                        help_text="如：瑜伽基础班（周二晚）",
                        max_length=60,
                        verbose_name="班名",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("zero", "零基础"),
                            ("basic", "初级"),
                            ("further", "提高"),
                        ],
                        default="zero",
                        max_length=10,
                        verbose_name="程度",
                    ),
                ),
                (
                    "teacher_name",
                    models.CharField(max_length=30, verbose_name="任课教师"),
                ),
                (
                    "teacher_intro",
                    models.TextField(blank=True, verbose_name="教师简介"),
                ),
                (
                    "intro",
                    models.TextField(
                        blank=True,
                        help_text="空一行即另起一段。",
                        verbose_name="课程介绍",
                    ),
                ),
                (
                    "needs",
                    models.TextField(
                        blank=True, help_text="一行一条。", verbose_name="自备物品"
                    ),
                ),
                (
                    "min_to_open",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="不足此数可以不开班，0为不限。",
                        verbose_name="开班人数",
                    ),
                ),
            ],
            options={
                "verbose_name": "培训班",
                "verbose_name_plural": "培训班",
                "ordering": ["-term__number", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CourseKind",
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
                    "name",
                    models.CharField(max_length=20, unique=True, verbose_name="名称"),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="小的在前。", verbose_name="次序"
                    ),
                ),
                (
                    "motif",
                    models.CharField(
                        choices=[
                            ("sing", "声乐"),
                            ("music", "器乐"),
                            ("dance", "舞蹈"),
                            ("write", "书法"),
                            ("paint", "绘画"),
                            ("photo", "摄影"),
                            ("digital", "手机与电脑"),
                            ("tea", "茶艺"),
                            ("bake", "烘焙"),
                            ("cook", "厨艺"),
                            ("yoga", "瑜伽"),
                            ("taichi", "太极"),
                            ("sport", "球类健身"),
                            ("flower", "花艺"),
                            ("craft", "手工"),
                            ("language", "外语"),
                            ("family", "亲子"),
                            ("other", "其他"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="配图",
                    ),
                ),
            ],
            options={
                "verbose_name": "课程门类",
                "verbose_name_plural": "课程门类",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="次")),
                (
                    "topic",
                    models.CharField(blank=True, max_length=80, verbose_name="内容"),
                ),
                (
                    "moved_from",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="原定时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "课次",
                "verbose_name_plural": "课次",
                "ordering": ["course_class", "number"],
            },
        ),
        migrations.CreateModel(
            name="Term",
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
                    "number",
                    models.PositiveSmallIntegerField(unique=True, verbose_name="期号"),
                ),
                ("title", models.CharField(max_length=80, verbose_name="名称")),
                ("opens_at", models.DateTimeField(verbose_name="报名开始")),
                ("closes_at", models.DateTimeField(verbose_name="报名截止")),
                ("starts_on", models.DateField(verbose_name="上课开始")),
                ("ends_on", models.DateField(verbose_name="上课结束")),
                (
                    "audience",
                    models.CharField(
                        default="本市工会会员", max_length=80, verbose_name="招生对象"
                    ),
                ),
                (
                    "notice",
                    models.TextField(
                        blank=True, help_text="一行一条。", verbose_name="报名须知"
                    ),
                ),
                (
                    "contact_phone",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="咨询电话"
                    ),
                ),
                (
                    "is_published",
                    models.BooleanField(
                        default=False,
                        help_text="公布后所有人可见。",
                        verbose_name="公布",
                    ),
                ),
            ],
            options={
                "verbose_name": "培训期",
                "verbose_name_plural": "培训期",
                "ordering": ["-number"],
            },
        ),
    ]
