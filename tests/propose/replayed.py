"""What the tests know of the replaying server."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Script = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Server:
    url: str
    log: Path

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was asked so far."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


Replay = Callable[[Script], Server]
