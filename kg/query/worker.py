"""The process that runs queries, so that one which never ends can be killed (Oxigraph has no time limit of its own).

``python worker.py QUADS BYTES`` reads one JSON object a line from standard input and answers each with a line of
JSON and, after it, as many bytes as that says. It imports nothing of the package, to start fast. It is started by
itself, not by ``multiprocessing``: that would run the main module of the user's script again.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import re
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO, cast

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store

__all__ = ["TOO_LARGE", "check_service", "hold_memory", "main", "most_memory", "run"]

TOO_LARGE = 86
"""How the process ends when it needs more memory than it may have."""
_HELD = Path("/proc/self/statm")
"""Where Linux says what memory a process holds, in pages."""

_SERVICE = re.compile("service", re.IGNORECASE)
_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})")


class _EnoughError(Exception):
    pass


class _Limited:
    """A file that takes so many lines and bytes and not more."""

    def __init__(self, lines: int, size: int) -> None:
        self.chunks: list[bytes] = []
        self._lines, self._size = lines, size

    def write(self, data: bytes) -> int:
        data = bytes(data)
        self.chunks.append(data)
        self._lines -= data.count(b"\n")
        self._size -= len(data)
        if self._lines < 0 or self._size < 0:
            raise _EnoughError
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""


def check_service(query: str, prefixes: dict[str, str], base: str | None = None) -> None:
    """Raises SyntaxError where the keyword SERVICE stands in a query, as the parser reads it that runs it.

    Another word takes the place of these letters wherever they stand: in a string, a comment or a name any word will do,
    as a keyword none does. What is parsed here holds no SERVICE and is asked of an empty store, so nothing is sent.
    """
    found = _SERVICE.findall(query)
    plain = _CODE.sub(lambda code: chr(int(code[1] or code[2], 16)), query)
    if len(_SERVICE.findall(plain)) > len(found):
        raise SyntaxError("the word SERVICE has letters that are written as codes")
    if not found:
        return
    other = "servixe"
    while other in query.lower():
        other += "x"
    try:
        Store().query(_SERVICE.sub(other, query), base_iri=base, prefixes=prefixes)
    except SyntaxError:
        raise
    except Exception:  # noqa: BLE001 - it was parsed, and failed when it was run: that is told when it is run
        return


def run(store: Store, ask: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The head and the data of the answer to a query, cut off where it has more rows or bytes than are asked for.

    ``default`` and ``named`` are the IRIs of the graphs that make the data set; None: the store's own.
    """
    check_service(ask["query"], ask["prefixes"], ask.get("base"))
    result = store.query(
        ask["query"],
        base_iri=ask.get("base"),
        prefixes=ask["prefixes"],
        default_graph=_graphs(ask.get("default")),
        named_graphs=_graphs(ask.get("named")),
    )
    if isinstance(result, QueryBoolean):
        return {"kind": "ask", "value": bool(result)}, b""
    select = isinstance(result, QuerySolutions)
    rows = int(ask["rows"]) + (1 if select else 0)  # one line more for the names of the variables
    out, cut = _Limited(rows, int(ask["bytes"])), False
    try:
        if isinstance(result, QuerySolutions):
            result.serialize(cast(BinaryIO, out), format=QueryResultsFormat.TSV)
        else:
            result.serialize(cast(BinaryIO, out), format=RdfFormat.N_TRIPLES)
    except _EnoughError:
        cut = True
    data = b"".join(out.chunks)
    if cut:
        data = b"".join(data.splitlines(keepends=True)[:rows])
        data = data[: data.rfind(b"\n") + 1]
    return {"kind": "select" if select else "graph", "truncated": cut}, data


def _graphs(iris: list[str] | None) -> list[Any] | None:
    return None if iris is None else [NamedNode(iri) for iri in iris]


def most_memory() -> int:
    """Bytes that the process may hold: a quarter of the machine's (or of its container's), and 1 GB at least.

    To sort all statements of a store of 1.8 million takes a quarter of a gigabyte. 0 is no limit: only Linux says in a
    file what a process holds.
    """
    if not _HELD.exists():
        return 0
    most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):  # no container, or one without a limit ("max")
        most = min(most, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return max(most // 4, 1 << 30)


def hold_memory(most: int) -> None:
    """End this process when it holds more bytes than ``most`` (0: no limit), before the machine begins to swap."""

    def watch() -> None:
        page, held = os.sysconf("SC_PAGE_SIZE"), 0
        while held <= most:
            time.sleep(0.05)
            _, pages, shared, *_ = _HELD.read_text(encoding="ascii").split()
            held = (int(pages) - int(shared)) * page
        os._exit(TOO_LARGE)

    if most:
        threading.Thread(target=watch, daemon=True).start()


def main(quads: str, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer queries on the database at ``quads`` until ``source`` ends."""
    try:
        store = Store.read_only(quads)
    except Exception as error:  # noqa: BLE001 - goes to the caller as an answer: without one it would pass for a crash
        source.readline()
        _reply(sink, {"kind": "closed", "said": " ".join(str(error).split())})
        return
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for line in iter(source.readline, b""):
            ask = json.loads(line)
            # Ends this process from within even where the one that started it is gone.
            faulthandler.dump_traceback_later(float(ask["seconds"]) + 1, exit=True, file=nowhere)
            try:
                head, data = run(store, ask)
            except SyntaxError as error:
                head, data = {"kind": "syntax", "said": str(error)}, b""
            except MemoryError:
                head, data = {"kind": "memory"}, b""
            except Exception as error:  # noqa: BLE001 - goes to the caller, who raises it
                head, data = {"kind": "error", "said": str(error)}, b""
            faulthandler.cancel_dump_traceback_later()
            _reply(sink, head, data)


def _reply(sink: BinaryIO, head: dict[str, Any], data: bytes = b"") -> None:
    sink.write(json.dumps(head | {"size": len(data)}).encode("utf-8") + b"\n" + data)
    sink.flush()


if __name__ == "__main__":
    hold_memory(int(sys.argv[2]))
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
