"""Hashed features: a table of buckets says what each template by itself would."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kg.extract.learned.buckets import BUCKETS, BucketTable, hashed

WORDS = [f"词{number}" for number in range(3000)]


def table() -> BucketTable[str]:
    return BucketTable({"whole": str, "last": lambda word: word[-1:]})


def test_a_bucket_is_the_hash_of_template_and_value() -> None:
    assert hashed("whole")["夜校"] == zlib.crc32("whole=夜校".encode()) % BUCKETS
    assert hashed("two")["夜校", "居民"] == zlib.crc32("two=夜校/居民".encode()) % BUCKETS


def test_a_table_of_thousands_of_words_gives_each_template_its_buckets() -> None:
    found = table()
    rows = found.rows(WORDS)
    assert found.buckets("whole", rows).tolist() == [hashed("whole")[word] for word in WORDS]
    assert found.buckets("last", rows).tolist() == [hashed("last")[word[-1]] for word in WORDS]
    assert found.rows(reversed(WORDS)).tolist() == rows.tolist()[::-1], "a word keeps its row"


def test_threads_that_meet_new_words_at_once_do_not_mix_them() -> None:
    for _ in range(5):
        found = table()
        with ThreadPoolExecutor(8) as threads:
            asked = list(threads.map(found.rows, [WORDS[:400]] * 8))
        right = [hashed("whole")[word] for word in WORDS[:400]]
        assert all(found.buckets("whole", np.array(rows)).tolist() == right for rows in asked)
