"""A folder of models: what it must hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.extract.learned.parts import load_learned, shipped_thresholds


def test_a_threshold_that_is_missing_is_told_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "thresholds.toml"
    known = shipped_thresholds(fast=True).items()
    file.write_text("".join(f"{name} = {least}\n" for name, least in known if name != "surest"), encoding="utf-8")
    with pytest.raises(UsageError, match="no threshold surest; take the line surest = … over from") as caught:
        load_learned(tmp_path)
    assert caught.value.where == str(file) and str(caught.value).endswith("thresholds.toml")
