"""``kg serve``: the store as a page in the browser, on this machine alone."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

__all__ = ["command"]


def command(
    store: Annotated[str, typer.Argument(metavar="STORE", help="Folder of the store that kg build wrote.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")] = 8765,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds after which a SPARQL query is stopped.")] = 30.0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = False,
) -> None:
    """Search, read, compare and query a store in the browser; read-only, on 127.0.0.1, nothing leaves the machine.

    Example: kg serve store --port 8765
    """
    from kg.serve.run import serve

    def ready(address: str) -> None:
        print(f"The graph is at {address} (stop with Ctrl+C)", file=sys.stderr, flush=True)
        if browser:
            from webbrowser import open_new_tab

            open_new_tab(address)

    def stopping() -> None:
        print("Stopping; queries that still run are ended", file=sys.stderr, flush=True)

    serve(store, port=port, query_seconds=timeout, ready=ready, stopping=stopping)
