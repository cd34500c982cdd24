"""What waits for the staff: somebody who was not recognised, requests of workers, a
roster with bad rows, a role to be confirmed, an edition to be conferred."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from common import audit
from common.enums import AuditOutcome, AuditVerb
from honors import services as honours
from honors.models import AwardEdition
from members.enums import CorrectionField, ImportState, TransferSide, TryOutcome
from members.models import (
    CorrectionRequest,
    RoleRequest,
    RosterImport,
    UnionTransfer,
    VerificationTry,
)
from members.services import duties, owndata
from unionportal.demo.members import CITY_CODE, STEWARDED, City, not_yet_recognised

SECRETARY, REVIEWER = 7, 16


def make(city: City) -> int:
    """Everything that waits; how many things."""
    union = city.unions[STEWARDED]
    here = [one for one in city.members.values() if one.union_org_id == union.pk]
    there = [
        one
        for one in city.members.values()
        if one.union_org_id == city.unions[CITY_CODE + "8101"].pk
    ]
    # what a try with a number that is on no roster leaves; the verb has a transaction of
    # its own, and the demonstration is one
    VerificationTry.objects.create(
        user=not_yet_recognised(), union_org=union, outcome=TryOutcome.WRONG
    )
    owndata.ask_correction(
        worker=here[-1],
        by=here[-1].user,
        field=CorrectionField.IS_FRONTLINE,
        proposed="否" if here[-1].is_frontline else "是",
        note="上个月换了岗位。",
    )
    # The other side has no steward in the demonstration who could ask; who looks after
    # both sides moves people at once.
    UnionTransfer.objects.create(
        worker=there[-1],
        from_org=there[-1].union_org,
        to_org=union,
        reason="调到公交公司工作",
        asked_side=TransferSide.GIVING,
    )
    # The last roster, of which nothing remains but what it counted.
    RosterImport.objects.create(
        union_org=union,
        by=city.staff[6],
        file_name="示例公交公司职工名册.xlsx",
        sheet="Sheet1",
        header_line=2,
        state=ImportState.APPLIED,
        applied_at=timezone.now() - timedelta(days=12),
        unchanged=len(here),
        refused=2,
    )
    duties.ask(
        user=city.staff[REVIEWER],
        roles=[Group.objects.get(name="复审")],
        gives_staff=False,
        by=None,
    )
    _late_edition(city)
    _grow_old()
    # and what the auditor looks into first
    audit.record(
        AuditVerb.LOG_IN,
        by=None,
        of=city.staff[REVIEWER],
        outcome=AuditOutcome.FAILED,
        reason="密码不正确",
    )
    return 6


def _grow_old() -> None:
    """They have waited for some days."""
    now = timezone.now()
    CorrectionRequest.objects.update(asked_at=now - timedelta(days=4))
    UnionTransfer.objects.update(asked_at=now - timedelta(days=3))
    RoleRequest.objects.update(asked_at=now - timedelta(days=1))


def _late_edition(city) -> None:
    """Two names that were reported late, not public until somebody confers them."""
    newest = (
        AwardEdition.objects.conferred()
        .filter(conferred_on__isnull=False)
        .latest("conferred_on")
    )
    edition = honours.save_award(
        award=AwardEdition(
            program=newest.program,
            year=newest.year,
            title=f"{newest.year}年“{newest.program.name}”（补报）",
            conferred_on=newest.conferred_on - timedelta(days=1),
            awarding_body=newest.awarding_body,
        ),
        by=city.staff[SECRETARY],
    )
    for name, employer in (("邓金沙", "示例洗煤厂"), ("曾木棉", "示例供水公司")):
        honours.confer(
            edition=edition, name=name, employer=employer, by=city.staff[SECRETARY]
        )
