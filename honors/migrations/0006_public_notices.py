import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.history


class Migration(migrations.Migration):
    dependencies = [
        ("honors", "0005_usual_criteria"),
        ("members", "0007_longer_holder_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeEntry",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "name",
                    models.CharField(max_length=60, verbose_name="姓名或集体名称"),
                ),
                ("employer", models.CharField(max_length=100, verbose_name="单位")),
                (
                    "position",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="职务或岗位"
                    ),
                ),
                (
                    "summary",
                    models.CharField(max_length=60, verbose_name="简要事迹（表内）"),
                ),
                ("brief", models.TextField(verbose_name="简要事迹")),
                (
                    "content_digest",
                    models.CharField(max_length=64, verbose_name="内容校验值"),
                ),
            ],
            options={
                "verbose_name": "公示名单",
                "verbose_name_plural": "公示名单",
                "ordering": ["notice", "number"],
            },
        ),
        migrations.CreateModel(
            name="Objection",
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
                    "receipt",
                    models.CharField(
                        max_length=12, unique=True, verbose_name="回执编号"
                    ),
                ),
                ("receipt_check", models.CharField(max_length=64)),
                ("sent_as", models.UUIDField(editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "以个人名义"), ("unit", "以单位名义")],
                        max_length=10,
                        verbose_name="反映方式",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("online", "网上提交"),
                            ("letter", "来信"),
                            ("visit", "来电来访"),
                        ],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                (
                    "postmarked_on",
                    models.DateField(blank=True, null=True, verbose_name="邮戳日期"),
                ),
                ("sealed", models.TextField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "已收到，待调查"),
                            ("investigating", "调查核实中"),
                            ("upheld", "反映属实，异议成立"),
                            ("dismissed", "经查不属实，异议不成立"),
                        ],
                        default="received",
                        max_length=14,
                        verbose_name="状态",
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="收到时间",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(null=True, verbose_name="办结时间"),
                ),
                ("outcome", models.TextField(blank=True, editable=False)),
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "ordering": ["-pk"],
                "permissions": [("handle_objection", "办理异议")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ObjectionFile",
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
                ("is_seal", models.BooleanField(default=False, verbose_name="盖章件")),
                (
                    "format",
                    models.CharField(
                        choices=[("pdf", "PDF文件"), ("picture", "图片")],
                        max_length=10,
                        verbose_name="格式",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("sealed", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "异议材料",
                "verbose_name_plural": "异议材料",
                "ordering": ["objection", "pk"],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ObjectionNote",
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
                ("sealed", models.TextField(editable=False)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "调查记录",
                "verbose_name_plural": "调查记录",
                "ordering": ["objection", "pk"],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PublicNotice",
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
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                ("lead", models.TextField(max_length=400, verbose_name="正文")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                (
                    "workdays",
                    models.PositiveSmallIntegerField(verbose_name="工作日天数"),
                ),
                (
                    "first_day_counts",
                    models.BooleanField(default=True, verbose_name="首日计入天数"),
                ),
                ("ends_on", models.DateField(editable=False, verbose_name="截止日期")),
                (
                    "name_order",
                    models.CharField(
                        choices=[
                            ("surname", "按姓氏笔画（单名排在双名前）"),
                            ("full", "按姓名笔画（逐字比较）"),
                        ],
                        default="surname",
                        max_length=10,
                        verbose_name="名单排列",
                    ),
                ),
                ("phone", models.CharField(max_length=30, verbose_name="联系电话")),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=80, verbose_name="电子邮箱"
                    ),
                ),
                ("address", models.CharField(max_length=100, verbose_name="通信地址")),
                ("office", models.CharField(max_length=40, verbose_name="落款单位")),
                (
                    "published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="发布时间"
                    ),
                ),
                (
                    "stopped_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="终止时间"
                    ),
                ),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=200,
                        verbose_name="终止原因",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示",
                "verbose_name_plural": "公示",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="honoree",
            name="certificate",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="honoree",
                to="members.certificate",
                verbose_name="荣誉证书",
            ),
        ),
        migrations.AddField(
            model_name="honoree",
            name="nomination",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="honoree",
                to="honors.nomination",
                verbose_name="推荐",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardedition",
            trigger=pgtrigger.compiler.Trigger(
                name="gate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."conferred_at" IS NOT NULL AND OLD."conferred_at" IS NULL)',
                    func="\n        PERFORM FROM honors_publicnotice p WHERE p.edition_id = NEW.id\n            ORDER BY p.id FOR UPDATE;\n        IF EXISTS (SELECT FROM honors_objection o\n                JOIN honors_publicnotice p ON p.id = o.notice_id\n                LEFT JOIN honors_nomination n ON n.id = o.nomination_id\n                WHERE p.edition_id = NEW.id AND o.state IN ('received', 'investigating')\n                AND coalesce(n.state = 'approved', true)) THEN\n            RAISE EXCEPTION 'honors_awardedition_unopposed' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_awardedition_unopposed';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="eb421c4bcd81704fec69cd7910777f6c628bbfad",
                    operation="UPDATE",
                    pgid="pgtrigger_gate_6f5ea",
                    table="honors_awardedition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="honoree",
            trigger=pgtrigger.compiler.Trigger(
                name="comes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF NEW.nomination_id IS NULL AND NOT EXISTS (SELECT FROM honors_nomination n\n                WHERE n.edition_id = NEW.edition_id) THEN\n            RETURN NEW;\n        END IF;\n        PERFORM FROM honors_nomination n WHERE n.id = NEW.nomination_id\n            AND n.edition_id = NEW.edition_id AND n.name = NEW.name\n            AND n.employer = NEW.employer AND n.state IN ('approved', 'conferred')\n            FOR UPDATE;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'Nobody is honoured here who was not approved.' USING\n                ERRCODE = 'check_violation', CONSTRAINT = 'honors_honoree_approved';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="49b10ed2815170f2998a90d628b2a4ca370f1cfd",
                    operation="INSERT",
                    pgid="pgtrigger_comes_c837d",
                    table="honors_honoree",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nominationstep",
            trigger=pgtrigger.compiler.Trigger(
                name="gate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((NEW.\"from_state\" = 'city_notice' AND NEW.\"to_state\" = 'approved') OR (NEW.\"from_state\" = 'approved' AND NEW.\"to_state\" = 'conferred'))",
                    func="\n        PERFORM FROM honors_publicnotice p WHERE p.id IN (SELECT e.notice_id\n            FROM honors_noticeentry e WHERE e.nomination_id = NEW.nomination_id)\n            ORDER BY p.id FOR UPDATE;\n        IF EXISTS (SELECT FROM honors_objection o\n                JOIN honors_noticeentry e ON e.notice_id = o.notice_id\n                WHERE e.nomination_id = NEW.nomination_id\n                AND coalesce(o.nomination_id, e.nomination_id) = e.nomination_id\n                AND o.state IN ('received', 'investigating')) THEN\n            RAISE EXCEPTION 'honors_nominationstep_unopposed' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_nominationstep_unopposed';\n        END IF;\n        IF NEW.to_state = 'approved' AND NOT EXISTS (SELECT FROM honors_publicnotice p\n                JOIN honors_noticeentry e ON e.notice_id = p.id\n                JOIN honors_nomination n ON n.id = e.nomination_id\n                WHERE n.id = NEW.nomination_id AND p.published_at IS NOT NULL\n                AND p.stopped_at IS NULL AND p.ends_on < (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date\n                AND e.content_digest = n.content_digest) THEN\n            RAISE EXCEPTION 'honors_nominationstep_noticed' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_nominationstep_noticed';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="89e396151da95b9aa4ce99cfb0bfbbc08d27a71d",
                    operation="INSERT",
                    pgid="pgtrigger_gate_c3ced",
                    table="honors_nominationstep",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="noticeentry",
            name="nomination",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notice_entries",
                to="honors.nomination",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="办结人",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="登记人",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="nomination",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objections",
                to="honors.nomination",
                verbose_name="涉及人选",
            ),
        ),
        migrations.AddField(
            model_name="objectionfile",
            name="objection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="honors.objection",
            ),
        ),
        migrations.AddField(
            model_name="objectionnote",
            name="by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objectionnote",
            name="objection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="honors.objection",
            ),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="public_notices",
                to="honors.awardedition",
                verbose_name="评选届次",
            ),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="published_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发布人",
            ),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="restarts",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="restarted_as",
                to="honors.publicnotice",
                verbose_name="重新公示的是",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objections",
                to="honors.publicnotice",
                verbose_name="公示",
            ),
        ),
        migrations.AddField(
            model_name="noticeentry",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="honors.publicnotice",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectionfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6a51bf1ef0eb0491b99ffc3a6ec4fb068791b397",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_3c230",
                    table="honors_objectionfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectionnote",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="865b5d9e483cbd9e8d54054b756885420e44cef3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_be693",
                    table="honors_objectionnote",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("workdays__gte", 5), ("workdays__lte", 30)),
                name="honors_publicnotice_five_workdays",
                violation_error_message="市级公示为5到30个工作日。",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                name="honors_publicnotice_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stop_reason", ""), ("stopped_at__isnull", True)),
                    models.Q(
                        ("published_at__isnull", False),
                        ("stopped_at__isnull", False),
                        models.Q(("stop_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="honors_publicnotice_stopped_with_reason",
                violation_error_message="请写明重新公示的原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("edition",),
                name="honors_publicnotice_one_draft",
                violation_error_message="这一届已有一份待发布的公示。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="period",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF TG_OP = 'UPDATE' AND OLD.published_at IS NOT NULL THEN\n            IF to_jsonb(NEW) - '{stopped_at,stop_reason,published_by_id,updated_at}'\n                    ::text[]\n                <> to_jsonb(OLD) - '{stopped_at,stop_reason,published_by_id,updated_at}'\n                    ::text[]\n                OR OLD.stopped_at IS NOT NULL AND (NEW.stopped_at, NEW.stop_reason)\n                    IS DISTINCT FROM (OLD.stopped_at, OLD.stop_reason) THEN\n                RAISE EXCEPTION 'honors_publicnotice_fixed' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_publicnotice_fixed';\n            END IF;\n            RETURN NEW;\n        END IF;\n        IF NEW.ends_on <> honors_period_end(\n                NEW.starts_on, NEW.workdays, NEW.first_day_counts) THEN\n            RAISE EXCEPTION 'honors_publicnotice_period' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_publicnotice_period';\n        END IF;\n        IF NEW.published_at IS NULL THEN RETURN NEW; END IF;\n        IF NEW.starts_on < (NEW.published_at AT TIME ZONE 'Asia/Shanghai')::date THEN\n            RAISE EXCEPTION 'honors_publicnotice_begins_in_time' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_publicnotice_begins_in_time';\n        END IF;\n        IF NOT EXISTS (SELECT FROM honors_noticeentry e WHERE e.notice_id = NEW.id) THEN\n            RAISE EXCEPTION 'honors_publicnotice_of_somebody' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_publicnotice_of_somebody';\n        END IF;\n        IF EXISTS (SELECT FROM honors_noticeentry e\n                JOIN honors_nomination n ON n.id = e.nomination_id\n                WHERE e.notice_id = NEW.id AND (n.content_digest <> e.content_digest\n                    OR n.state NOT IN ('shortlisted', 'city_notice'))) THEN\n            RAISE EXCEPTION 'honors_publicnotice_up_to_date' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_publicnotice_up_to_date';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="a068abe6b40018af040706df6c58301603a58e67",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_period_d8c5f",
                    table="honors_publicnotice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="published_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."published_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="68e5ad535b23a53466e1e4811e670cc154ffac37",
                    operation="DELETE",
                    pgid="pgtrigger_published_stays_8c740",
                    table="honors_publicnotice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,updated_at}'); RETURN NULL;",
                    hash="d5b2026bb1fc46c90a23fe7e544c10ea7bf9bc5f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_bd156",
                    table="honors_publicnotice",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(
                condition=models.Q(("state__in", ("received", "investigating"))),
                fields=["notice"],
                name="honors_objection_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("receipt__regex", "^[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{12}$")
                ),
                name="honors_objection_receipt_wellformed",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("postmarked_on__isnull", False), ("source", "letter")),
                    models.Q(
                        models.Q(("source", "letter"), _negated=True),
                        ("postmarked_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="honors_objection_letter_has_postmark",
                violation_error_message="来信请填写邮戳日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("outcome", ""),
                        ("state__in", ("received", "investigating")),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ("received", "investigating")), _negated=True
                        ),
                        ("decided_at__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="honors_objection_decided_whole",
                violation_error_message="请写明调查结论。",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "upheld"), _negated=True),
                    ("nomination__isnull", False),
                    _connector="OR",
                ),
                name="honors_objection_upheld_about_somebody",
                violation_error_message="请选择异议涉及的人选。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objection",
            trigger=pgtrigger.compiler.Trigger(
                name="rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE period honors_publicnotice%ROWTYPE; day date;",
                    func="\n        SELECT * INTO period FROM honors_publicnotice p WHERE p.id = NEW.notice_id\n            FOR UPDATE;\n        IF NEW.nomination_id IS NOT NULL AND NOT EXISTS (\n                SELECT FROM honors_noticeentry e WHERE e.notice_id = NEW.notice_id\n                AND e.nomination_id = NEW.nomination_id) THEN\n            RAISE EXCEPTION 'honors_objection_about_an_entry' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_objection_about_an_entry';\n        END IF;\n        IF TG_OP = 'INSERT' THEN\n            day := CASE WHEN NEW.source = 'letter' THEN NEW.postmarked_on\n                ELSE (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date END;\n            IF period.published_at IS NULL OR period.stopped_at IS NOT NULL\n                    OR day > (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date OR day < period.starts_on THEN\n                RAISE EXCEPTION 'honors_objection_while_noticed' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_objection_while_noticed';\n            END IF;\n            IF day > period.ends_on THEN\n                RAISE EXCEPTION 'honors_objection_in_time' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_objection_in_time';\n            END IF;\n            IF NEW.state <> 'received' THEN\n                RAISE EXCEPTION 'honors_objection_begins' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_objection_begins';\n            END IF;\n            RETURN NEW;\n        END IF;\n        IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (\n                ('received', 'investigating'), ('investigating', 'upheld'),\n                ('investigating', 'dismissed')) THEN\n            RAISE EXCEPTION 'honors_objection_in_order' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_objection_in_order';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="7de0dccf1bbb1c645a30058e808a518198dc34d2",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_rules_1a068",
                    table="honors_objection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objection",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="ef74bab65756d575ae23a6f23a5756d454a11105",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_3d7c0",
                    table="honors_objection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objection",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."notice_id" IS DISTINCT FROM (NEW."notice_id") OR OLD."receipt" IS DISTINCT FROM (NEW."receipt") OR OLD."receipt_check" IS DISTINCT FROM (NEW."receipt_check") OR OLD."sent_as" IS DISTINCT FROM (NEW."sent_as") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."postmarked_on" IS DISTINCT FROM (NEW."postmarked_on") OR OLD."sealed" IS DISTINCT FROM (NEW."sealed") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9ea1de15fe9686deb4bc4d4921b3f81591a9e83d",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_a118f",
                    table="honors_objection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objection",
            trigger=pgtrigger.compiler.Trigger(
                name="history",
                sql=common.history.TrackSql(
                    func="PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{changed_at,outcome,receipt,receipt_check,sealed,sent_as,updated_at}'); RETURN NULL;",
                    hash="e91e786626f5bf3080b2346d2c06542e5421cbca",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_history_7e61a",
                    table="honors_objection",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeentry",
            constraint=models.UniqueConstraint(
                fields=("notice", "nomination"), name="honors_noticeentry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeentry",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("notice", "number"),
                name="honors_noticeentry_number_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="noticeentry",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE row honors_noticeentry%ROWTYPE;",
                    func="\n        IF TG_OP = 'INSERT' THEN row := NEW; ELSE row := OLD; END IF;\n        PERFORM FROM honors_publicnotice p WHERE p.id = row.notice_id\n            AND p.published_at IS NULL FOR UPDATE;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'honors_noticeentry_frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_noticeentry_frozen';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        IF NEW.notice_id <> row.notice_id OR NOT EXISTS (\n                SELECT FROM honors_nomination n\n                JOIN honors_publicnotice p ON p.edition_id = n.edition_id\n                WHERE n.id = NEW.nomination_id AND p.id = NEW.notice_id) THEN\n            RAISE EXCEPTION 'honors_noticeentry_of_its_edition' USING ERRCODE = 'check_violation', CONSTRAINT = 'honors_noticeentry_of_its_edition';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="75c97287872b08650f1e20be7cdc1fa36e88fd90",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_3b6ce",
                    table="honors_noticeentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
