from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_people"),
    ]

    operations = [
        migrations.AlterField(
            model_name="smsmessage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signup", "注册验证码"),
                    ("login", "登录验证码"),
                    ("reset", "重设密码验证码"),
                    ("old_phone", "换号验证码（原号码）"),
                    ("new_phone", "换号验证码（新号码）"),
                    ("taken", "告知号码已有账号"),
                    ("no_account", "告知号码没有账号"),
                    ("moved", "告知原号码已换号"),
                ],
                max_length=12,
                verbose_name="用途",
            ),
        ),
    ]
