"""How much a string looks like Chinese prose: what decodings and repairs are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from kg.read.repair.script import simplified

__all__ = ["PUNCTUATION", "plausibility", "words_score"]

SAMPLE = 4000
"""Characters that a judgement looks at: a few paragraphs tell one encoding from another."""
TOTAL = 26.0
"""Base-2 logarithm of all counts behind words.txt (60 million), so that ``level - TOTAL`` is a log probability."""
UNKNOWN = -32.0
"""Score of a character that is not among the 4,000 commonest."""
PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·　－～％＋丨｜・①②③④⑤⑥⑦⑧⑨⑩℃％×●■▲△")


@dataclass(frozen=True)
class _Words:
    characters: dict[str, int]
    pairs: dict[str, int]


@cache
def _words() -> _Words:
    table = resources.files(__package__).joinpath("words.txt").read_text(encoding="utf-8")
    levels: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        size, level, words = line.split("\t")
        width = int(size)
        levels[width - 1].update((words[i : i + width], int(level)) for i in range(0, len(words), width))
    return _Words(*levels)


def plausibility(text: str) -> float:
    """Between 0 and 2: share of common characters and Chinese punctuation among what is not ASCII, plus share in words.

    Text in ordinary Chinese, in either script, has about 1.6; the same bytes read in a wrong encoding less than 1. A
    text without any character beyond ASCII gets 1.
    """
    sample = simplified("".join(c for c in text[: SAMPLE * 4] if c > "\x7f")[:SAMPLE])
    if not sample:
        return 1.0
    words = _words()
    common = sum(c in words.characters or c in PUNCTUATION for c in sample)
    paired = sum(sample[i : i + 2] in words.pairs for i in range(len(sample) - 1))
    return common / len(sample) + min(1.0, 2 * paired / len(sample))


def words_score(text: str) -> float:
    """Log probability (base 2) of a short string as a chain of common characters and two-character words.

    Traditional characters count as their simplified ones. Higher is better; only strings of about the same length
    compare.

    >>> words_score("理論走向實踐") > words_score("理論走向實賤")
    True
    """
    plain, words = simplified(text), _words()
    best = [0.0]
    for i, char in enumerate(plain):
        if char <= "\x7f" or char in PUNCTUATION:
            score = -8.0
        elif (level := words.characters.get(char)) is not None:
            score = level - TOTAL
        else:
            score = UNKNOWN
        here = best[i] + score
        if i and (level := words.pairs.get(plain[i - 1 : i + 1])) is not None:
            here = max(here, best[i - 1] + level - TOTAL)
        best.append(here)
    return best[-1]
