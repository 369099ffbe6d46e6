"""The worker process: ``python -m kg.workers.child`` does what it is told over standard input, until that ends."""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from typing import BinaryIO

from kg.workers.task import answer

__all__ = ["HEAD", "main"]

HEAD = struct.Struct(">Q")
"""Before each message stands its length in bytes."""


def main(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer each (task, item) as ``answer`` does."""
    while len(head := source.read(HEAD.size)) == HEAD.size:
        (size,) = HEAD.unpack(head)
        try:
            task, item = pickle.loads(source.read(size))
        except Exception as error:  # noqa: BLE001 - a module that is not there, for one
            body = pickle.dumps((False, RuntimeError(f"the worker cannot read its task: {error}")))
        else:
            body = pickle.dumps(answer(task, item), pickle.HIGHEST_PROTOCOL)
        sink.write(HEAD.pack(len(body)) + body)
        sink.flush()


if __name__ == "__main__":
    # Ctrl-C goes to the whole group of processes: the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not get among the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        main(sys.stdin.buffer, answers)
    except OSError:
        os._exit(0)  # nobody is there to hear the answer
