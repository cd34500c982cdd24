"""How days are typed in the back office: 2018-06-01 as everywhere in the house, never
2018/6/1; the other spellings people type are understood too."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
