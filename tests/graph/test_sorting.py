"""Lines that do not fit into memory are sorted all the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.graph.store import sorting
from kg.graph.store.sorting import sorted_lines


@pytest.mark.parametrize(("most", "files"), [(10**9, 100), (2000, 100), (2000, 3), (1, 2)])
def test_the_order_is_that_of_the_characters(most: int, files: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MOST_BYTES", most)
    monkeypatch.setattr(sorting, "MOST_FILES", files)
    chance = random.Random(1)
    words = ["".join(chance.choices("ab 字𠮷é\u2028\x85", k=chance.randrange(1, 9))) for _ in range(600)]
    given = [f"{word} .\n" for word in words]
    assert [line.decode() for line in sorted_lines(line.encode() for line in given)] == sorted(given)


def test_no_more_is_held_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MOST_BYTES", 100)
    written, held = sorting._written, list[int]()

    def counting(lines, stack):
        if isinstance(lines, list):
            held.append(sum(map(len, lines)))
        return written(lines, stack)

    monkeypatch.setattr(sorting, "_written", counting)
    assert sum(1 for _ in sorted_lines(b"%05d\n" % n for n in range(500))) == 500
    assert len(held) > 20 and max(held) <= 106


def test_a_full_folder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sorting, "MOST_BYTES", 1)
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with pytest.raises(StoreError, match=r"No space left.*TMPDIR"):
        list(sorted_lines([b"a\n", b"b\n"]))
