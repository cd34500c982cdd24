import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Room",
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
                ("name", models.CharField(max_length=30, verbose_name="名称")),
            ],
            options={
                "verbose_name": "房间",
                "verbose_name_plural": "房间",
                "ordering": ["venue", "name"],
            },
        ),
        migrations.CreateModel(
            name="RoomUse",
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
                    "during",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        verbose_name="时间"
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="用途")),
            ],
            options={
                "verbose_name": "房间使用",
                "verbose_name_plural": "房间使用",
                "ordering": ["during", "room"],
            },
        ),
        migrations.CreateModel(
            name="Venue",
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
                    models.CharField(max_length=60, unique=True, verbose_name="名称"),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=200, verbose_name="地址"),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="咨询电话"
                    ),
                ),
                (
                    "intro",
                    models.TextField(
                        blank=True,
                        help_text="有哪些教室和设施，空一行即另起一段。",
                        verbose_name="简介",
                    ),
                ),
                (
                    "directions",
                    models.TextField(
                        blank=True,
                        help_text="公交线路、停车、入口，一行一条。",
                        verbose_name="交通指引",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="小的在前。", verbose_name="次序"
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="停用的场馆请取消勾选，不要删除。",
                        verbose_name="开放",
                    ),
                ),
            ],
            options={
                "verbose_name": "场馆",
                "verbose_name_plural": "场馆",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RoomPart",
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
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="activities_venues.room",
                        verbose_name="分区",
                    ),
                ),
                (
                    "whole",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="activities_venues.room",
                        verbose_name="整场",
                    ),
                ),
            ],
            options={
                "verbose_name": "分区",
                "verbose_name_plural": "分区",
            },
        ),
        migrations.AddField(
            model_name="room",
            name="parts",
            field=models.ManyToManyField(
                related_name="wholes",
                through="activities_venues.RoomPart",
                to="activities_venues.room",
                verbose_name="分区",
            ),
        ),
    ]
