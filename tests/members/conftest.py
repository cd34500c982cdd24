import pytest

from members import sms
from tests.members.phone_tools import Outbox


@pytest.fixture
def outbox(settings, tmp_path):
    """Texts of this test alone, and limits that it sets itself."""
    settings.SMS_OUTBOX = tmp_path / "outbox" / "sms.jsonl"
    settings.SMS_ADDRESS_HOURLY = 10_000
    sms.forget()
    yield Outbox(settings.SMS_OUTBOX)
    sms.forget()
