"""Awards of before have the usual criteria and papers, as a new one gets them
(``services.editions``)."""

from django.db import migrations

CRAFTSMEN = [
    ("敬业专注", 20, "热爱本职岗位，长期专注一项技艺。"),
    ("品质至上", 25, "追求精益求精，产品和服务质量过硬。"),
    ("技艺超群", 35, "掌握绝技绝活，在同行中公认领先。"),
    ("传承创新", 20, "带徒传技，有技术革新成果。"),
]
OTHERS = [
    ("爱岗敬业", 40, "在平凡岗位上长期踏实工作。"),
    ("工作实绩", 40, "成绩突出，受到服务对象和同事认可。"),
    ("示范带动", 20, "带动身边的人，传递正能量。"),
]
PAPERS = [
    ("推荐表（盖章）", "scan", True, False),
    ("职代会或单位集体研究意见", "unit", True, False),
    ("近期免冠照片", "photo", False, False),
    ("税务部门意见", "opinion", True, True),
    ("应急管理（安全生产）部门意见", "opinion", True, True),
    ("社会保险经办机构意见", "opinion", True, True),
    ("生态环境部门意见", "opinion", True, True),
]


def give(apps, schema_editor):
    criterion = apps.get_model("honors", "Criterion")
    paper = apps.get_model("honors", "RequiredDocument")
    for program in apps.get_model("honors", "AwardProgram").objects.all():
        criteria = CRAFTSMEN if program.kind == "craftsman" else OTHERS
        for n, (name, weight, said) in enumerate(criteria, start=1):
            criterion.objects.create(
                program=program, name=name, weight=weight, description=said, position=n
            )
        for n, (name, kind, is_required, is_for_heads) in enumerate(PAPERS, start=1):
            paper.objects.create(
                program=program,
                name=name,
                kind=kind,
                is_required=is_required,
                is_for_heads=is_for_heads,
                position=n,
            )


class Migration(migrations.Migration):
    dependencies = [("honors", "0004_nominations")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
