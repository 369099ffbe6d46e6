"""The build of the word counts: the table, the same bytes again, and what is no dictionary."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.prepare.word_counts import HEAD, main


def test_the_table_groups_words_by_length_and_magnitude(tmp_path: Path) -> None:
    dictionary, table = tmp_path / "dict.txt", tmp_path / "words.txt"
    dictionary.write_text("河 900 n\n山 1000 n\n村庄 130 n\n街坊 120 n\n门廊 99 n\nAB 500 eng\n", encoding="utf-8")
    main([str(dictionary), "--output", str(table)])
    assert table.read_text(encoding="utf-8") == HEAD + "1\t9\t山河\n2\t6\t街坊\n2\t7\t村庄\n"


def test_the_shipped_table_has_the_head_of_the_build() -> None:
    shipped = resources.files("kg.read.repair").joinpath("words.txt").read_text(encoding="utf-8")
    assert shipped.startswith(HEAD)


@pytest.mark.parametrize("content", ["河\n", "河 many n\n", None])
def test_what_is_no_dictionary_is_told(tmp_path: Path, content: str | None) -> None:
    dictionary = tmp_path / "dict.txt"
    if content is not None:
        dictionary.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"dict\.txt.*give jieba/dict\.txt"):
        main([str(dictionary), "--output", str(tmp_path / "words.txt")])
    assert not (tmp_path / "words.txt").exists()
