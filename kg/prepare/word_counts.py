"""Writes ``kg/read/repair/words.txt``, the word frequencies that plausibility is judged by, from the dictionary of jieba (MIT).

Run once, by hand: ``python -m kg.prepare.word_counts DICT`` with jieba's ``dict.txt`` (word, count, tag a line).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from math import log2
from pathlib import Path

__all__ = ["write_words"]

CHARACTERS = 4000
LEAST_COUNT = 100
HEAD = """\
# How common characters and two-character words are: the base-2 logarithm of a count, then all words of that count,
# one after the other. Computed by kg/prepare/word_counts.py from the dictionary of jieba 0.42.1
# (copyright 2013 Sun Junyi, MIT licence): its 4,000 commonest characters and its two-character words counted 100 times.
"""


def write_words(dictionary: Path, target: Path) -> None:
    """Write the table; raises OSError where a file cannot be read or written."""
    counts: dict[int, list[tuple[int, str]]] = {1: [], 2: []}
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split()
        if len(word) in counts and all("一" <= c <= "鿿" for c in word):
            counts[len(word)].append((int(count), word))
    kept = sorted(counts[1], key=lambda row: (-row[0], row[1]))[:CHARACTERS]
    kept += [row for row in counts[2] if row[0] >= LEAST_COUNT]
    levels: dict[tuple[int, int], list[str]] = defaultdict(list)
    for number, word in kept:
        levels[len(word), int(log2(max(number, 1)))].append(word)
    rows = [f"{size}\t{level}\t{''.join(sorted(words))}" for (size, level), words in sorted(levels.items())]
    target.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_words(Path(sys.argv[1]), Path(__file__).parents[1] / "read" / "repair" / "words.txt")
