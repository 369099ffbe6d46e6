"""A file that the user names, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["STANDARD_INPUT", "read_given"]

STANDARD_INPUT = Path("-")


def read_given(path: Path) -> tuple[bytes, str]:
    """The content, and what to call it in a message; ``-`` is standard input. Raises OSError where it cannot be read."""
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(), "standard input"
    return path.read_bytes(), str(path)
