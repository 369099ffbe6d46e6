"""Writes ``kg/read/repair/words.txt``, the word frequencies that plausibility is judged by, from the dictionary of jieba (MIT).

Run as ``python -m kg.prepare.word_counts DICT [--output FILE]`` with ``jieba/dict.txt`` (word, count, tag a line) of the unpacked
PyPI package jieba 0.42.1 (``pip download --no-deps --no-binary :all: jieba==0.42.1``). The same dictionary gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from math import log2
from pathlib import Path

from kg.errors import InputError, KgError

__all__ = ["main", "write_words"]

CHARACTERS = 4000
LEAST_COUNT = 100
HEAD = """\
# How common characters and two-character words are: the base-2 logarithm of a count, then all words of that count,
# one after the other. Computed by kg/prepare/word_counts.py from the dictionary of jieba 0.42.1
# (copyright 2013 Sun Junyi, MIT licence): its 4,000 commonest characters and its two-character words counted 100 times.
"""
_WORDS = Path(__file__).parents[1] / "read" / "repair" / "words.txt"


def write_words(dictionary: Path, target: Path) -> None:
    """Write the table. Raises ``InputError`` where the dictionary cannot be read, OSError where the table cannot be written."""
    counts: dict[int, list[tuple[int, str]]] = {1: [], 2: []}
    for word, count in _entries(dictionary):
        if len(word) in counts and all("一" <= c <= "鿿" for c in word):
            counts[len(word)].append((count, word))
    kept = sorted(counts[1], key=lambda row: (-row[0], row[1]))[:CHARACTERS]
    kept += [row for row in counts[2] if row[0] >= LEAST_COUNT]
    levels: dict[tuple[int, int], list[str]] = defaultdict(list)
    for number, word in kept:
        levels[len(word), int(log2(max(number, 1)))].append(word)
    rows = [f"{size}\t{level}\t{''.join(sorted(words))}" for (size, level), words in sorted(levels.items())]
    target.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8", newline="\n")


def _entries(dictionary: Path) -> Iterator[tuple[str, int]]:
    """Words with their counts."""
    remedy = "give jieba/dict.txt of the unpacked package jieba 0.42.1"
    try:
        lines = dictionary.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("the dictionary cannot be read", where=str(dictionary), remedy=remedy) from error
    for number, line in enumerate(lines, 1):
        cells = line.split()
        if len(cells) < 2 or not cells[1].isdecimal():
            where = f"{dictionary}, line {number}"
            raise InputError("not a word and its count", where=where, remedy=remedy)
        yield cells[0], int(cells[1])


def main(arguments: list[str] | None = None) -> None:
    """The command line of the counts."""
    parser = argparse.ArgumentParser(
        prog="python -m kg.prepare.word_counts", description="Make words.txt from jieba's dict.txt."
    )
    parser.add_argument("dictionary", type=Path, help="dict.txt of jieba 0.42.1")
    parser.add_argument("--output", type=Path, default=_WORDS, help="file to write")
    given = parser.parse_args(arguments)
    write_words(given.dictionary, given.output)


if __name__ == "__main__":
    try:
        main()
    except KgError as failure:
        print(f"word_counts: {failure}", file=sys.stderr)
        sys.exit(failure.exit_code)
