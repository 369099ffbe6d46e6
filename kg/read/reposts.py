"""Reposts: articles that are printed again elsewhere, recognised so that one report is one witness."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kg.model.article import Article

if TYPE_CHECKING:
    from datasketch import LeanMinHash

__all__ = ["THRESHOLD", "Fingerprint", "find_reposts", "fingerprint", "mark_reposts"]

THRESHOLD = 0.4
"""Jaccard similarity of shingles from which an article is a repost. Measured on 96 real articles: two different ones
reach at most 0.19 (two days of one story); one with another headline and furniture and a fifth of its text cut has at
least 0.62, with a third cut 0.48."""
WIDTH = 5
"""Characters of a shingle: in Chinese about three words."""
PERMUTATIONS = 128
"""Of the MinHash; its standard error at the threshold is 0.043."""
RECALL = (0.2, 0.8)
"""Weights of false and missed candidates in the index: every candidate is checked, so that missing one costs more."""
FEWEST = 60
"""Letters below which an article is too short to say that it repeats another, unless they are the same."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of an article to recognise its reposts: about a kilobyte."""

    file: str
    published: str | None
    signature: LeanMinHash
    letters: int


def _shingles(text: str) -> NDArray[np.uint32]:
    """Hashes of all runs of ``WIDTH`` letters and digits, each once; punctuation and spaces do not count."""
    letters = "".join(c for c in text.lower() if c.isalnum())
    codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) == 0:
        return np.zeros(0, dtype=np.uint32)
    size = max(1, len(codes) - WIDTH + 1)
    hashes = np.zeros(size, dtype=np.uint64)
    for i in range(min(WIDTH, len(codes))):
        hashes = (hashes ^ codes[i : i + size]) * _FACTOR
        hashes ^= hashes >> np.uint64(29)
    found: NDArray[np.uint32] = np.unique((hashes >> np.uint64(32)).astype(np.uint32))
    return found


def _identity(number: int) -> int:
    return number


def fingerprint(article: Article) -> Fingerprint:
    """The fingerprint of an article's body (the title, which reposts change, left out where it is known)."""
    from datasketch import LeanMinHash, MinHash  # half a second to load

    body = article.text[article.title_span[1] :] if article.title_span else article.text
    sketch = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=_identity)
    shingles = _shingles(body)
    if len(shingles):
        sketch.update_batch(shingles.tolist())
    return Fingerprint(article.file, article.published, LeanMinHash(sketch), sum(c.isalnum() for c in body))


def find_reposts(
    prints: Iterable[Fingerprint], apart: Callable[[str, str], bool] = lambda one, other: False
) -> dict[str, str]:
    """``file`` of each repost → ``file`` of the original: the earliest, by date and then by name, that it resembles.

    Undated articles come last, of a month those without a day. What ``apart`` says of two files' contents keeps them two,
    however alike their words. An original is never itself a repost, so chains do not join what does not resemble.
    """
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, weights=RECALL)
    originals: dict[str, tuple[int, Fingerprint]] = {}
    reposts: dict[str, str] = {}
    for order, one in enumerate(sorted(prints, key=lambda p: (_day(p.published), p.file))):
        if not one.letters:
            continue
        near = [originals[key] for key in index.query(one.signature)]
        near = [(at, other) for at, other in near if _same(one, other) and not apart(one.file, other.file)]
        if near:
            reposts[one.file] = min(near, key=lambda row: row[0])[1].file
        else:
            key = f"{order}"
            originals[key] = (order, one)
            index.insert(key, one.signature)
    return reposts


def _day(published: str | None) -> str:
    """To sort by: a month comes after its days, nothing after all."""
    return (published or "").ljust(len("2024-05-01"), "9")


def _same(one: Fingerprint, other: Fingerprint) -> bool:
    similarity = one.signature.jaccard(other.signature)
    return similarity >= (THRESHOLD if min(one.letters, other.letters) >= FEWEST else 0.95)


def mark_reposts(articles: Iterable[Article]) -> list[Article]:
    """The articles, in their order, with ``duplicate_of`` set on those that repost another of them.

    Where the articles do not fit into memory, keep their fingerprints and use ``find_reposts``.
    """
    kept = list(articles)
    reposts = find_reposts(map(fingerprint, kept))
    return [replace(article, duplicate_of=reposts.get(article.file)) for article in kept]
