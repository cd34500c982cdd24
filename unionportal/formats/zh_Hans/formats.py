"""How days are typed and printed in the back office: 2018-06-01 as everywhere in the house,
never 2018/6/1; the other spellings people type are understood too."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]

# What lists and histories of the back office print: one line, sorted by eye.
DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y-m-d H:i"
