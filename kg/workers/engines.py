"""The engines by name, and what all of them offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Protocol, Self, TypeVar

from kg.errors import UsageError
from kg.workers.task import Lost

__all__ = ["ENGINES", "Workers", "open_workers"]

ENGINES = ("processes", "ray")
"""Names that ``open_workers`` knows."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers(Protocol):
    """Runs tasks; a context manager that lets go of its processes."""

    number: int
    """How many items are worked on at once."""

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result | Lost[Item]]:
        """The results in the order of the items. What the task raises is raised here, at its place in the order."""

    def close(self) -> None:
        """End the workers."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_workers(number: int = 1, engine: str = "processes", address: str | None = None) -> Workers:
    """Workers of an engine.

    Parameters
    ----------
    number : how many; 0 for one a core (``ray``: as many as the cluster has). One of ``processes`` is this process itself.
    engine : ``processes`` on this machine, or ``ray``.
    address : of the Ray cluster (``auto``, ``ray://host:10001``); default: one that is started here, for this run.

    Raises
    ------
    UsageError : no such engine, a number below 0, an address without Ray, or Ray is not installed.
    """
    if not isinstance(number, int) or number < 0:
        where = f"--workers {number}"
        raise UsageError("the number of workers is a whole number, at least 0", where=where, remedy="0: one a core")
    if engine not in ENGINES:
        raise UsageError(f"no such engine: {engine}", where="--engine", remedy="use one of " + ", ".join(ENGINES))
    if engine == "ray":
        from kg.workers.cluster import RayWorkers

        return RayWorkers(number, address)
    if address is not None:
        raise UsageError("an address belongs to --engine ray", where=f"--address {address}", remedy="leave it out")
    from kg.workers.here import Here
    from kg.workers.processes import Processes, cores

    count = number or cores()
    return Here() if count == 1 else Processes(count)
