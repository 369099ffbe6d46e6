"""The edges of what changed between two stores."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.model import Value
from kg.release import Contents, difference

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "graph"))
from sample_records import sample


def test_values_that_stand_beside_each_other_are_not_one_that_was_read_otherwise() -> None:
    record, text = sample(0)
    first, second = record.practices[0].formats  # the second begins where the first ends
    assert first.end == second.start

    def having(value: Value) -> Contents:
        only = record.practices[0].model_copy(update={"formats": (value,)})
        return Contents("store", ((record.model_copy(update={"practices": (only, *record.practices[1:])}), text),), {})

    for before, after in ((first, second), (second, first)):
        found = difference(having(before), having(after)).changes
        assert {(each.change, each.before, each.after) for each in found} == {
            ("removed", before.text, ""),
            ("added", "", after.text),
        }
