"""The word lists of ``place_rules.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["place_rules"]


@cache
def place_rules() -> dict[str, Any]:
    """The lists by their names; the file says what each is for."""
    return tomllib.loads(resources.files(__package__).joinpath("place_rules.toml").read_text(encoding="utf-8"))
