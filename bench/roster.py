"""A roster is brought in with every check, against only reading the same file."""

import io
import random
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta

from openpyxl import Workbook, load_workbook

from bench import scene
from bench.report import Figure
from members import identity
from members.models import UnionOrg, Worker
from members.services import roster

ROWS, FEW = 5_000, 500
ROUNDS = 5
TITLES = [
    "序号",
    "姓名",
    "性别",
    "身份证号码",
    "出生日期",
    "会员编号",
    "入会日期",
    "农民工",
]


def make_file(rows: int) -> bytes:
    """A tidy roster; one row in fifty has a wrong check digit."""
    chance = random.Random(rows)  # the same each time
    book = Workbook(write_only=True)
    page = book.create_sheet("名册")
    page.append(["示例厂工会会员名册"])
    page.append(TITLES)
    for n in range(rows):
        born = date(1960, 1, 1) + timedelta(days=n * 3 % 14_000)
        seventeen = f"510499{born:%Y%m%d}{n % 1000:03d}"
        check = identity.check_digit(seventeen)
        if n % 50 == 49:
            check = "0" if check != "0" else "1"
        name = "示例" + "".join(chance.choices("甲乙丙丁戊己庚辛壬癸", k=2))
        page.append(
            [
                n + 1,
                name,
                "男" if n % 2 else "女",
                seventeen + check,
                born.isoformat(),
                f"HY{n:06d}",
                f"{2000 + n % 20}年{n % 12 + 1}月1日",
                "是" if n % 7 == 0 else "否",
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def only_read(content: bytes) -> int:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for _row in book.active.iter_rows(values_only=True))


def bring_in(content: bytes) -> roster.Report:
    Worker.objects.all().delete()
    org, _made = UnionOrg.objects.get_or_create(code="ROSTER", name="示例工会")
    scene.analyze("members_worker")
    kept = roster.upload(union_org=org, file_name="名册.xlsx", content=content, by=None)
    return roster.apply(roster_import=kept, by=None)


def peak_of(rows: int) -> float:
    """Megabytes that a process of its own holds at the most while it imports."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.roster_peak", str(rows)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def measure(wanted):
    scene.empty_database()
    if "import_roster" in wanted:
        yield _rows()
    if "import_roster_memory" in wanted:
        yield _memory()


def _rows() -> Figure:
    content = make_file(ROWS)
    reading, importing = [], []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        seen = only_read(content)
        reading.append(time.perf_counter() - start)
        assert seen == ROWS + 2
        start = time.perf_counter()
        report = bring_in(content)
        importing.append(time.perf_counter() - start)
        assert (report.created, report.refused) == (ROWS * 49 // 50, ROWS // 50)
    read, done = statistics.median(reading), statistics.median(importing)
    return Figure(
        "import_roster",
        ROWS / done,
        "rows/s",
        read / done,
        f"reading the same file ({ROWS / read:.0f} rows/s)",
        0.1,
    )


def _memory() -> Figure:
    few, many = peak_of(FEW), peak_of(ROWS)
    return Figure(
        "import_roster_memory",
        many - few,
        "MB",
        many / few,
        f"the peak of {FEW} rows ({few:.0f} MB; {ROWS} rows: {many:.0f} MB)",
        15,
        is_limit=True,
    )
