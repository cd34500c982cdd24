"""How names are put in order: by the sound of the surname, then of the given name."""

# Surnames that are read otherwise than the same character in a word. Characters whose
# surname has two living readings (覃, 乐, 翟) stay with the dictionary's.
SURNAMES = {
    "单": "shan4",
    "曾": "zeng1",
    "解": "xie4",
    "仇": "qiu2",
    "区": "ou1",
    "查": "zha1",
    "任": "ren2",
    "盖": "ge3",
    "朴": "piao2",
    "缪": "miao4",
    "华": "hua4",
    "纪": "ji3",
    "宁": "ning4",
    "员": "yun4",
    "种": "chong2",
    "冼": "xian3",
    "黑": "he4",
    "洗": "xian3",
    "尉迟": "yu4 chi2",
    "长孙": "zhang3 sun1",
    "万俟": "mo4 qi2",
}


def sort_key(name: str, *, is_group: bool = False) -> str:
    """``name`` as syllables with their tone, 李 before 林: ``li3 lin2``.

    Compared as bytes. A character without a reading (rare ones such as 𠮷) stands as
    itself and therefore comes last. A group has no surname.
    """
    # its dictionary is 55 MB: loaded by the process in which somebody saves a name
    from pypinyin import Style, lazy_pinyin

    name = name.strip()
    head = ""
    if not is_group:
        for length in (2, 1):
            if name[:length] in SURNAMES:
                head, name = SURNAMES[name[:length]], name[length:]
                break
    syllables = lazy_pinyin(name, style=Style.TONE3)
    return " ".join([head, *syllables] if head else syllables).lower()[:400]
