"""Text cut into words: what is alike, what stays together, what stays apart."""

import pytest

from common.segmentation import Cutter, fold, initials, sounds


@pytest.fixture(scope="module")
def cutter():
    return Cutter(["疗休养", "总工会", "志愿服务", "户外劳动者驿站"])


def words(cutter, text):
    return [word.text for word in cutter.words(fold(text))]


@pytest.mark.parametrize(
    ("typed", "counts_as"),
    [
        ("ＧＯＮＧ２０１８", "gong2018"),
        ("總工會療休養", "总工会疗休养"),
        ("⼯会", "工会"),  # a Kangxi radical
        ("①", "1"),
    ],
)
def test_fold_knows_other_spellings(typed, counts_as):
    assert fold(typed) == counts_as


def test_fold_keeps_every_place():
    text = "……㎡ﬁ\u200b𠮷𝔸\ud800\x00後İ"

    assert len(fold(text)) == len(text)


def test_words_of_the_list_stay_whole(cutter):
    assert words(cutter, "赴疗休养") == ["赴", "疗休养"]


def test_words_that_touch_are_not_confused(cutter):
    assert words(cutter, "关心和服务职工") == ["关心", "和", "服务", "职工"]
    assert "志愿军" not in words(cutter, "志愿服务")


def test_words_know_their_places(cutter):
    text = fold("第12期：Ｇ6次列车，总工会")

    for word in cutter.words(text):
        assert text[word.start : word.end] == word.text


def test_pieces_leave_nothing_whole_beside_them_out(cutter):
    def pieces(word):
        return {piece.text for piece in cutter.pieces(word)}

    assert {"户外", "劳动者", "驿站"} <= pieces("户外劳动者驿站")
    assert "工会" in pieces("总工会")
    assert pieces("和服") == set()


def test_list_that_lost_a_word_cuts_it_apart_again(cutter):
    assert words(Cutter(["总工会"]), "疗休养") == ["疗", "休养"]
    assert words(Cutter(["总工会", "疗休养"]), "疗休养") == ["疗休养"]


def test_initials_and_sounds_know_every_reading():
    assert {"cq", "zq"} <= initials("重庆")
    assert sounds("疗修养") & sounds("疗休养")
    assert len(initials("重重重重重重重重")) <= 8
