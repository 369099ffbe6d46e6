"""Worker processes on this machine: each is told what to do over a pipe, and replaced when it dies.

They are started by themselves, not by ``multiprocessing`` or its pools: those run the main module of the user's script
again, and a pool of ``concurrent.futures`` is broken as a whole, and does not say by which item, when one process dies.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar

from kg.errors import UsageError
from kg.workers.child import HEAD
from kg.workers.task import AHEAD, ATTEMPTS, Answer, Lost

__all__ = ["Processes", "cores"]

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Processes:
    """So many processes; they start with the first item and end with ``close``."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="kg-worker")
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()  # one that has loaded its models is taken first
        self._all: set[_Child] = set()
        self._guard = threading.Lock()
        self._closed = False

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that have been started and not replaced."""
        with self._guard:
            return sorted(child.pid for child in self._all)

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result | Lost[Item]]:
        """The results in the order of the items; at most two items a worker are under way.

        Raises UsageError where the task cannot be sent to another process.
        """
        try:
            pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise UsageError(
                f"this cannot run in another process: {error}", where="workers", remedy="use a function of a module"
            ) from error
        waiting: deque[Future[Any]] = deque()
        try:
            for item in items:
                waiting.append(self._threads.submit(self._one, task, item))
                if len(waiting) >= self.number * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End the workers, at once."""
        with self._guard:
            self._closed = True
            children = list(self._all)
        for child in children:
            child.end()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def _one(self, task: Callable[[Any], Any], item: Any) -> Any:
        message = pickle.dumps((task, item), pickle.HIGHEST_PROTOCOL)
        said = ""
        for _ in range(ATTEMPTS):
            child = self._child()
            answer = child.ask(message)
            if answer is not None:
                self._idle.put(child)
                done, value = answer
                if done:
                    return value
                raise value
            with self._guard:
                self._all.discard(child)
            said = f"the process that worked on it died ({child.end()})"
            if self._closed:
                break
        return Lost(item, said)

    def _child(self) -> _Child:
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        child = _Child()
        with self._guard:
            self._all.add(child)
            closed = self._closed
        if closed:  # it came too late for ``close`` to see it
            child.end()
        return child


class _Child:
    """One process, and the pipe to it."""

    def __init__(self) -> None:
        # One thread each: as many as there are cores work already.
        path = os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)
        environment = os.environ | dict.fromkeys(_THREADS, "1") | {"PYTHONPATH": path}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kg.workers.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self.pid = self._process.pid

    def ask(self, message: bytes) -> Answer | None:
        """Whether the task ended well, and its result or what it raised; None where the process died."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(HEAD.pack(len(message)) + message)
            self._process.stdin.flush()
            head = self._process.stdout.read(HEAD.size)
            if len(head) < HEAD.size:
                return None
            (size,) = HEAD.unpack(head)
            body = self._process.stdout.read(size)
        except (OSError, ValueError):
            return None
        if len(body) < size:
            return None
        answer: Answer = pickle.loads(body)
        return answer

    def end(self) -> str:
        """Kill it and wait; says how it ended. May be called twice."""
        self._process.kill()
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return f"signal {-code}" if code < 0 else f"exit code {code}"
