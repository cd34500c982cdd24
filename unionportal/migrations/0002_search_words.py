"""Words of a trade union that the general dictionary cuts apart."""

from django.db import migrations

SUGGESTED = "培训班 劳模 工匠 疗休养 法律援助 志愿服务"
WORDS = """
总工会 市总工会 省总工会 县总工会 区总工会 攀枝花 攀钢 三线建设 钒钛
疗休养 五送 送清凉 送温暖 送健康 送岗位 送法律 金秋助学 冬送温暖 夏送清凉
户外劳动者 户外劳动者驿站 工会驿站 工人文化宫 职工书屋 职工之家 职工夜校 妈咪小屋 爱心托管
劳模工匠 劳动模范 五一劳动奖章 五一劳动奖状 工人先锋号 最美劳动者 攀枝花工匠 大国工匠
劳模创新工作室 创新工作室 技能比武 技能竞赛 劳动竞赛 安康杯 班组建设 合理化建议
集体协商 集体合同 厂务公开 职代会 职工代表大会 劳动争议 劳动关系 法律援助 女职工 农民工 新就业形态
志愿服务 志愿服务队 志愿者 困难职工 互助保障 职工医疗互助 工会会员 入会 会员证 才艺培训 文艺汇演
培训班 健步行 心理服务 普惠服务 产业工人 建会入会 工会经费 工会主席 职工运动会
"""


def add(apps, schema_editor):
    model = apps.get_model("common", "SearchWord")
    suggested = SUGGESTED.split()
    words = dict.fromkeys([*suggested, *WORDS.split()])
    # what comes with the portal is nobody's deed, and not part of the history
    schema_editor.execute("ALTER TABLE common_searchword DISABLE TRIGGER USER")
    model.objects.bulk_create(
        [model(word=word, is_suggested=word in suggested) for word in words],
        ignore_conflicts=True,
    )
    schema_editor.execute("ALTER TABLE common_searchword ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [
        ("unionportal", "0001_initial"),
        ("common", "0008_searching"),
    ]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
