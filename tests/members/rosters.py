"""A roster as a union office makes it, with a fault in nearly every row.

Nobody in it exists: the numbers are of 510499, a county that was never there.
"""

import csv
import datetime
import io
from dataclasses import dataclass, field

from openpyxl import Workbook

from members import identity

TITLES = [
    "序号",
    "*姓\n名",
    "性 别",
    "身份证号码\n（必填）",
    "出生年月",
    "会员编号*",
    "入会时间",
    "是否\n农民工",
    "联系电话",
]
FIELDS = ["name", "gender", "identity", "born", "number", "joined", "migrant", "phone"]


def number(n, born="19800101", *, county="510499"):
    """A sound number of nobody; even ``n`` are women's, odd ones men's."""
    seventeen = f"{county}{born}{n % 1000:03d}"
    return seventeen + identity.check_digit(seventeen)


def spoilt(whole):
    return whole[:-1] + ("0" if whole[-1] != "0" else "1")


@dataclass
class Row:
    """One line, and what is to come of it: ``new``, ``refused``, ``elsewhere``, or
    ``skipped``; ``codes`` is all that is said of it."""

    outcome: str
    codes: set = field(default_factory=set)
    gbk_codes: set | None = None  # where GBK has lost a character
    cells: dict = field(default_factory=dict)
    whole_line: list | None = None

    def values(self, n):
        if self.whole_line is not None:
            return self.whole_line
        return [n, *(self.cells.get(name, "") for name in FIELDS)]


def row(outcome="new", codes=(), gbk=None, **cells):
    return Row(outcome, set(codes), None if gbk is None else set(gbk), cells)


ELSEWHERE = number(901)  # on another union's roster already
TAKEN = "HY-TAKEN"  # a member number that somebody has


def rows(*, is_xlsx):
    """Every row with its number 101, 103 … so that each is a different man."""
    lost = "name_lost"
    numeric = (
        (lambda text: float(text)) if is_xlsx else (lambda text: f"{text[0]}.1E+17")
    )
    day = datetime.datetime(1980, 1, 1) if is_xlsx else "1980/1/1"
    return [
        # sound, in every spelling
        row(name="示例甲", identity=number(101), gender="男", born=day),
        row(name="示 例　乙", identity=number(103).lower(), born="1980年1月"),
        row(name="示例·丙", identity=" ".join(number(105))),
        row(name="𠮷田示例", gbk=[lost], identity=number(107)),
        row(name="阿卜杜热合曼•买买提吐尔逊", gbk=[lost], identity=number(109)),
        row(name="示" * 30, identity=number(111), number="HY110"),
        row(
            name="示例戊",
            identity=number(113).translate(
                str.maketrans("0123456789", "０１２３４５６７８９")
            ),
            joined="2018.6.1",
        ),
        row(
            codes=["identity_old"],
            name="示例己",
            identity="510499800101115",
            joined="20180601",
        ),
        row(name="示例庚", identity="H12345678", joined="43252"),
        row(name="示例辛", identity=number(117, county="810000"), migrant="√"),
        row(name="示例壬", identity=number(119, county="911156"), migrant="否"),
        row(name="示例癸", identity="'" + number(121), joined="2018年6月1日"),
        # warned
        row(codes=["identity_taiwan"], name="示例台", identity="01234567"),
        row(codes=["gender"], name="示例女", identity=number(123), gender="女"),
        row(codes=["birth"], name="示例生", identity=number(125), born="1981-02-03"),
        row(codes=["date"], name="示例日", identity=number(127), joined="不记得"),
        row(
            codes=["joined_later"],
            name="示例后",
            identity=number(129),
            joined="2099-1-1",
        ),
        row(codes=["yes_no"], name="示例问", identity=number(131), migrant="大概"),
        row(codes=["name_short"], name="示", identity=number(133)),
        row("elsewhere", ["elsewhere"], name="示例别", identity=ELSEWHERE),
        # refused
        row("refused", ["name_missing"], identity=number(201)),
        row("refused", [lost], name="示?例", identity=number(203)),
        row("refused", [lost], name="示\ufffd例", identity=number(205)),
        row(
            "refused", ["name_characters"], name="=cmd|'/c calc'", identity=number(207)
        ),
        row("refused", ["name_characters"], name="示例2", identity=number(209)),
        row("refused", ["name_long"], name="示" * 31, identity=number(211)),
        row("refused", ["identity_missing"], name="示例一"),
        row("refused", ["identity_length"], name="示例二", identity=number(213)[:17]),
        row("refused", ["identity_length"], name="示例三", identity=number(215) + "0"),
        row("refused", ["identity_check"], name="示例四", identity=spoilt(number(217))),
        row(
            "refused",
            ["identity_birth"],
            name="示例五",
            identity=number(219, "19800230"),
        ),
        row(
            "refused",
            ["identity_birth"],
            name="示例六",
            identity=number(221, "20990101"),
        ),
        row(
            "refused",
            ["identity_province"],
            name="示例七",
            identity=number(223, county="720499"),
        ),
        row("refused", ["identity_characters"], name="示例八", identity="见附件"),
        row("refused", ["identity_passport"], name="示例照", identity="E12345678"),
        row(
            "refused",
            ["identity_digits_lost"],
            name="示例九",
            identity=numeric(number(225)),
        ),
        row("refused", ["identity_digits_lost"], name="示例十", identity="1.23457E+17"),
        row("refused", ["twice_in_file"], name="示例甲", identity=number(101)),
        row("refused", ["twice_in_file"], name="示例己", identity=number(115)),
        # who of the two it is nobody can tell
        row("refused", ["twice_other_name"], name="示例同", identity=number(233)),
        row("refused", ["twice_other_name"], name="示例异", identity=number(233)),
        row(
            "refused",
            ["number_twice"],
            name="示例重",
            identity=number(227),
            number="HY111",
        ),
        row(
            "refused",
            ["number_twice"],
            name="示例复",
            identity=number(235),
            number="HY111",
        ),
        row(
            "refused",
            ["number_taken"],
            name="示例占",
            identity=number(229),
            number=TAKEN,
        ),
        row(
            "refused",
            ["member_number"],
            name="示例编",
            identity=number(231),
            number="@1",
        ),
        row(
            "refused",
            ["name_missing", "identity_missing"],
            number="HY900",
        ),
        # no people
        Row("skipped", whole_line=["合计", "43人", "", "", "", "", "", "", ""]),
        Row("skipped", whole_line=TITLES),
        Row("skipped", whole_line=[99, "", "", "", "", "", "", "", ""]),
        Row(
            "skipped",
            whole_line=["填表人：示例", "", "", "审核人：", "", "", "", "", ""],
        ),
    ]


TITLE = "示例厂工会会员名册"
FIRST = 5  # the line of the first row: title, blank, note, header


def lines(*, is_xlsx):
    yield [TITLE]
    yield []
    yield ["填报单位：示例厂工会"]
    yield TITLES
    for n, made in enumerate(rows(is_xlsx=is_xlsx), start=1):
        yield made.values(n)


def as_xlsx():
    book = Workbook()
    page = book.active
    page.title = "名册"
    for line in lines(is_xlsx=True):
        page.append(line)
    page.merge_cells("A1:I1")
    page.merge_cells("A3:I3")
    for cells in page.iter_rows(min_row=FIRST):
        for cell in cells:  # openpyxl takes "=cmd" for a formula
            if isinstance(cell.value, str):
                cell.data_type = "s"
    hidden = book.create_sheet("去年")
    hidden.append(["姓名", "身份证号码"])
    hidden.append(["示例旧", number(999)])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(encoding, *, delimiter=","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(lines(is_xlsx=False))
    return out.getvalue().encode(encoding, "replace")


FILES = {
    "xlsx": as_xlsx,
    "utf-8-sig": lambda: as_csv("utf-8-sig"),
    "utf-8": lambda: as_csv("utf-8"),
    "gbk": lambda: as_csv("gbk"),
    "gb18030": lambda: as_csv("gb18030"),
    "utf-16": lambda: as_csv("utf-16", delimiter="\t"),
}


def plain_csv(*people, titles=("姓名", "身份证号码", "会员编号")):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([titles, *people])
    return out.getvalue().encode("utf-8-sig")
