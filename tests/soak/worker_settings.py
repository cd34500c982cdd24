"""The suite's settings for a worker of its own process: in the test's database, and
with the test's gateway."""

import os

from unionportal.settings.test import *  # noqa: F403
from unionportal.settings.test import DATABASES

DATABASES["default"]["NAME"] = os.environ["SOAK_DATABASE"]
SMS_BACKEND, SMS_KEY = "gateway", "a-key-of-the-union"
SMS_URL = os.environ.get("SOAK_GATEWAY", "")
