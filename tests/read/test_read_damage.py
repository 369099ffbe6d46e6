"""Damage undone: scripts, pinyin, lost bytes, wrong decodings — and what is whole left as it is."""

from __future__ import annotations

import re

import pytest
from opencc import OpenCC
from read_samples import BODY, FIRST, SECOND, TITLE

from kg.errors import InputError
from kg.read import article_from_text
from kg.read.repair.encoding import decode
from kg.read.repair.lost_bytes import recover_lost_bytes
from kg.read.repair.mojibake import repair_mojibake
from kg.read.repair.script import is_traditional, simplified
from kg.read.tracked import TrackedText

TEXT = "\n".join([TITLE, *BODY])
TRADITIONAL = OpenCC("s2tw").convert(TEXT)


def break_bytes(text: str, insert_behind: bytes, pinyin: str) -> str:
    """What a program makes of a GBK text that puts pinyin behind every occurrence of two bytes, at odd places too.

    A lead byte without its second is shown as ``?`` together with the ASCII character that it swallows.
    """
    data = text.encode("gbk").replace(insert_behind, insert_behind + b"(\x00)")
    shown, at = "", 0
    while at < len(data):
        if data[at] < 0x80:
            shown, at = shown + chr(data[at]), at + 1
            continue
        try:
            shown += data[at : at + 2].decode("gbk")
        except UnicodeDecodeError:
            shown += "?"
        at += 2
    return shown.replace("\x00", pinyin)


@pytest.mark.parametrize(
    ("whole", "damage", "word"),
    [
        # 驅 is F2 8C: the second byte of the first character here and the lead byte of the next.
        ("讓課堂從理論走向實踐。居民們都說好。", b"\xf2\x8c", "實踐"),
        ("全區的領域實務(wù)課程很受歡迎，服務(wù)隊也來了。", b"\xf2\x8c", "實務"),
    ],
)
def test_lost_lead_bytes_are_searched_for(whole: str, damage: bytes, word: str) -> None:
    syllable = "wù"
    plain = whole.replace(syllable, "\x01")
    damaged = break_bytes(plain, damage, "qū").replace("\x01", syllable)
    assert word not in damaged, "the damage must be real"
    repaired, recovered, left = recover_lost_bytes(TrackedText.of(damaged))
    assert recovered == [word]
    assert left == 0
    at = repaired.text.index(word)
    first, last = repaired.span(at, at + 2)
    assert damaged[first] == "?"
    assert damaged[:first] == repaired.text[:at]
    assert re.sub(r"\(.*?\)", "", repaired.text) == re.sub(r"\(.*?\)", "", whole)
    assert damaged.endswith(repaired.text[at + 2 :])
    assert last <= len(damaged) - len(repaired.text[at + 2 :])


@pytest.mark.parametrize("text", ["你去過夜校嗎?去過的人都說好。", "真的?嵺@是什麼", "真的嗎?(笑)好"])
def test_ordinary_question_marks_stay(text: str) -> None:
    assert recover_lost_bytes(TrackedText.of(text))[0].text == text


def test_pinyin_is_taken_out_and_spans_stay_right() -> None:
    article = article_from_text("學(xué)習(xí)小組(zǔ)了(le)（甲(B)組）在社區(qū)開(kāi)課，居民們聽課(kè)。")
    assert article.text == "学习小组了（甲(B)组）在社区开课，居民们听课。"
    at = article.text.index("区")
    assert article.original[slice(*article.offsets.span(at, at + 2))] == "區(qū)開"


def test_letter_spaced_lines_are_closed_up_and_spans_stay_right() -> None:
    spaced = " ".join(FIRST[:20]) + "  " + " ".join(FIRST[20:])
    article = article_from_text(f"{spaced} \n{SECOND}")
    assert article.text == f"{FIRST[:20]} {FIRST[20:]}\n{SECOND}"
    at = article.text.index("夜校")
    assert article.original[slice(*article.offsets.span(at, at + 2))] == "夜 校"


@pytest.mark.parametrize("text", ["参加者有 张 三 李四 王五 赵六 等人，共 3 场。", "共 3 场 5 次，到了 8 人。"])
def test_blanks_between_words_stay(text: str) -> None:
    assert article_from_text(text).text == text


def test_a_full_width_comma_that_groups_digits_is_one_number() -> None:
    text = "夜校开课，已有1，320人次参加，发放１２，０００，０００元。2023，320人；第12，34期；1，3205人。"
    even = "夜校开课，已有1,320人次参加，发放１２,０００,０００元。2023，320人；第12，34期；1，3205人。"
    assert article_from_text(text).text == even


@pytest.mark.parametrize("text", ["夜校(Yèxiào)开课了，居民都来听课。", "第(a)组和第(b)组都来听课了，大家很满意。"])
def test_other_brackets_stay(text: str) -> None:
    assert article_from_text(text).text == text


def test_traditional_becomes_simplified_only_where_it_prevails() -> None:
    assert article_from_text(TRADITIONAL).text == TEXT
    mixed = FIRST + "老店的招牌上写着“滙豐學館”。"
    assert article_from_text(mixed).text == mixed
    assert not is_traditional(mixed)
    assert simplified("乾隆皇帝走向實踐") == "乾隆皇帝走向实践"


@pytest.mark.parametrize(
    ("right", "wrong"), [("utf-8", "latin-1"), ("gb18030", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "gb18030")]
)
def test_wrong_decodings_are_undone(right: str, wrong: str) -> None:
    garbled = SECOND.encode(right).decode(wrong, errors="replace")
    repaired, lines = repair_mojibake(TrackedText.of(f"{FIRST}\n{garbled}"))
    assert lines == 1
    first, second = repaired.text.split("\n")
    assert first == FIRST
    lost = second.count("\ufffd")
    assert sum(a == b for a, b in zip(second, SECOND, strict=True)) == len(SECOND) - lost
    assert lost <= 0.2 * len(SECOND)
    assert repaired.span(0, len(repaired)) == (0, len(FIRST) + 1 + len(garbled))


def test_right_text_is_no_mojibake() -> None:
    text = f"{TEXT}\nCafé Zürich ÄÖÜ äöü\n鐵路職工"
    assert repair_mojibake(TrackedText.of(text))[0].text == text


def test_spaces_and_invisible_marks() -> None:
    article = article_from_text("夜\u200b校\u00a0\u3000开课\ufeff，居民\u2003都来了。\u00ad")
    assert article.text == "夜校 开课，居民 都来了。"


def test_full_width_and_half_width_stay_as_they_are() -> None:
    text = "夜校,开课了;居民：都来了，共３２０人(次)。"
    assert article_from_text(text).text == text


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_encodings(encoding: str, named: str) -> None:
    found = decode(TEXT.encode(encoding), "a.txt")
    assert (found.text, found.encoding, found.broken) == (TEXT, named, 0)


def test_big5() -> None:
    text = TRADITIONAL.replace("“", "「").replace("”", "」")
    assert decode(text.encode("big5"), "a.txt").text == text


def test_a_few_broken_bytes_are_noted() -> None:
    found = decode((TEXT * 4).encode()[:-1], "a.txt")
    assert (found.encoding, found.broken) == ("utf-8", 1)


def test_bytes_of_no_encoding_are_refused() -> None:
    noise = bytes((i * 7919 + i * i * 31) % 223 + 32 for i in range(5000))
    with pytest.raises(InputError, match="no encoding"):
        decode(noise, "a.txt")
