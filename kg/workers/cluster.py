"""Workers on a Ray cluster, or on a Ray that is started here for one run."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self, TypeVar

from kg.errors import StoreError, UsageError
from kg.workers.task import AHEAD, ATTEMPTS, Lost, answer

__all__ = ["RayWorkers"]


REACH_SECONDS = 5.0
"""How long a cluster may take to let us in; Ray itself would try for two minutes, without a word."""
_HOST_AND_PORT = re.compile(r"(?:ray://)?(?:\[([^\[\]]+)\]|([^:/\[\]]+)):(\d{1,5})\Z")

Item = TypeVar("Item")
Result = TypeVar("Result")


class RayWorkers:
    """Each item is a Ray task of one core; Ray runs it again where the worker or its machine dies.

    Raises UsageError where Ray is not installed, StoreError where it cannot be reached or started.
    """

    def __init__(self, number: int, address: str | None) -> None:
        ray = _ray()
        self._ray = ray
        self._ours = not ray.is_initialized()
        if self._ours:
            if address:
                _check_reached(address)
            options: dict[str, Any] = {"address": address} if address else _alone(number)
            try:
                ray.init(logging_level=logging.ERROR, log_to_driver=False, **options)
            except (ConnectionError, RuntimeError, ValueError, OSError) as error:
                raise StoreError(
                    f"Ray cannot be reached or started: {error}",
                    where=f"--address {address}" if address else "--engine ray",
                    remedy="check the address and that versions of Ray and Python agree",
                ) from error
        self.number = number or max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._run = ray.remote(answer).options(num_cpus=1, max_retries=ATTEMPTS - 1)

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result | Lost[Item]]:
        """The results in the order of the items; at most two items a worker are under way."""
        waiting: deque[tuple[Any, Item]] = deque()
        sent = self._ray.put(task)
        try:
            for item in items:
                waiting.append((self._run.remote(sent, item), item))
                if len(waiting) >= self.number * AHEAD:
                    yield self._result(*waiting.popleft())
            while waiting:
                yield self._result(*waiting.popleft())
        finally:
            for reference, _ in waiting:
                with contextlib.suppress(Exception):
                    self._ray.cancel(reference, force=True)

    def close(self) -> None:
        """End the Ray that was started here; a cluster goes on."""
        if self._ours:
            self._ray.shutdown()
            self._ours = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def _result(self, reference: Any, item: Any) -> Any:
        try:
            done, value = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            return Lost(item, f"Ray gave it up: {type(error).__name__}")
        if done:
            return value
        raise value


def _ray() -> Any:
    # It would tell its makers of each start, and wait for them where there is no network.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise UsageError(
            "Ray is not installed", where="--engine ray", remedy='install it: pip install "practice-graph[ray]"'
        ) from error
    return ray


def _check_reached(address: str) -> None:
    """Raises StoreError where nothing answers at the host and port of an address; ``auto`` and ``local`` have none."""
    named = _HOST_AND_PORT.match(address)
    if named is None:
        return
    host, port = named.group(1) or named.group(2), int(named.group(3))
    try:
        socket.create_connection((host, port), timeout=REACH_SECONDS).close()
    except (OSError, OverflowError, UnicodeError) as error:  # the latter: no port, no name of a host
        raise StoreError(
            f"no Ray cluster answers at {host}, port {port}: {error}",
            where=f"--address {address}",
            remedy="check host and port and that it runs (ray status there), or leave --address out to start one here",
        ) from error


def _alone(number: int) -> dict[str, Any]:
    """How a Ray for this run alone is started: reachable from this machine only, without its web page."""
    return {"address": "local", "num_cpus": number or None, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
