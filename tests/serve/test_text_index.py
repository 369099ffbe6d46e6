"""The bigram index finds exactly what a search through all texts finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.serve.opened.text_index import TextIndex

LETTERS = st.text(alphabet="夜校课堂AaÄ 𠮷\n", max_size=12)


@given(st.lists(LETTERS, max_size=12), LETTERS)
def test_as_a_search_through_all_texts(texts: list[str], words: str) -> None:
    wanted = [at for at, text in enumerate(texts) if words.casefold() in text.casefold()]
    assert TextIndex.of(texts).find(words).tolist() == wanted


def test_words_of_one_and_two_characters_and_none_over_the_edge_of_a_text() -> None:
    index = TextIndex.of(["社区夜校", "夜间", "校夜"])
    assert index.find("夜校").tolist() == [0]
    assert index.find("夜").tolist() == [0, 1, 2]
    assert index.find("校夜").tolist() == [2]  # 0 ends in 校, 1 begins with 夜
    assert index.find("夜校\0夜").tolist() == [] and index.find("课").tolist() == []
    assert len(TextIndex.of([])) == 0 and TextIndex.of([]).find("夜校").tolist() == []
