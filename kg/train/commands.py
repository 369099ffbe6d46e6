"""What the commands of training share: torch on one thread, and errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from kg.errors import KgError, UsageError

__all__ = ["run", "single_thread"]


def run(work: Callable[[argparse.Namespace], None], given: argparse.Namespace) -> int:
    """Do the work of a command; the exit code. What the user can mend is told in one line."""
    try:
        work(given)
    except KgError as error:
        print(f"kg.train: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(
            f"kg.train: {error.filename or 'output'}: {error.strerror}; check the path and its rights", file=sys.stderr
        )
        return 2
    return 0


def single_thread() -> None:
    """Let torch sum on one thread: more would change the sums, and with them the bytes.

    Raises UsageError where torch is not installed.
    """
    try:
        import torch
    except ImportError as error:
        raise UsageError("torch is not installed", remedy="pip install 'practice-graph[train]'") from error
    torch.set_num_threads(1)
