"""Places within a longer word become words of their own."""

from __future__ import annotations

import pytest

from kg.extract.text.placewords import part_places


def parts(word: str, tag: str = "ORG") -> list[str]:
    text = f"在{word}，"
    cut = list(part_places(text, [(0, 1, "p"), (1, 1 + len(word), tag), (1 + len(word), len(text), "w")]))
    assert "".join(text[start:end] for start, end, _ in cut) == text
    assert [tag for _, _, tag in cut[1:-2]] == ["LOC"] * (len(cut) - 3)
    return [text[start:end] for start, end, _ in cut[1:-1]]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("四川绵阳", ["四川", "绵阳"]),
        ("绵阳石塘村", ["绵阳", "石塘村"]),
        ("湖南省浏阳市博物馆", ["湖南省", "浏阳市", "博物馆"]),
        ("广州天河区石牌街道社区卫生服务中心", ["广州", "天河区", "石牌街道", "社区卫生服务中心"]),
        ("柳荫街道办事处", ["柳荫街道", "办事处"]),
        ("三家村社区党委", ["三家村社区", "党委"]),
        ("贵州省老年大学", ["贵州省", "老年大学"]),
    ],
)
def test_a_place_at_the_beginning_is_a_word(word: str, wanted: list[str]) -> None:
    assert parts(word) == wanted


@pytest.mark.parametrize(
    "word",
    [
        "成都市",
        "柳荫街道",
        "三家村社区",  # no 三家村 that has a 社区
        "南京路社区",  # a street that is named after a city
        "北京东路街道",
        "河南村",
        "平安银行",  # 平安 is a county too, and an ordinary word
        "社区卫生服务中心",
        "广州",
    ],
)
def test_what_is_one_name_stays_one_word(word: str) -> None:
    assert parts(word, "LOC") == [word]


def test_other_words_are_left_alone() -> None:
    text = "北京市民学唱歌"
    words = [(0, 2, "nz"), (2, 4, "n"), (4, 7, "v")]
    assert list(part_places(text, words)) == words
