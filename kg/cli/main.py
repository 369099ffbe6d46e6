"""The entry point ``kg``: gathers the commands and turns errors into one line and an exit code."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kg.errors import KgError, printable

__all__ = ["app", "main"]

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""What a system says where there is no room left."""
_THEIRS = {
    getattr(errno, name)
    for name in ("ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "EROFS", "ELOOP", "ENAMETOOLONG")
}
"""What it says of a path that the user can mend."""
_STOPPED = 130
"""Exit code of a program that Ctrl+C ended."""

COMMANDS = {
    "build": "build",
    "extract": "extract",
    "query": "query",
    "sparql": "sparql",
    "validate": "validate",
    "evaluate": "evaluate",
    "export": "export",
    "generate": "generate",
    "serve": "serve",
    "release": "release",
    "diff": "diff",
}
"""Verb → module of ``kg.cli`` that defines it as a function ``command`` or a typer ``app``."""

app = typer.Typer(
    name="kg",
    help="From local press articles to a practice graph that leads every statement back to its words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _say_version(asked: bool) -> None:
    if asked:
        import kg

        print(f"kg {kg.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Read articles, extract practices, build the graph, ask it."""


for _verb, _module in COMMANDS.items():
    _commands = importlib.import_module(f"kg.cli.{_module}")
    if hasattr(_commands, "app"):  # a verb with questions of its own: kg query shared
        app.add_typer(_commands.app, name=_verb)
    else:
        app.command(name=_verb)(_commands.command)


def main() -> None:
    """Run the command line.

    Exit codes: 0 fine, 1 some inputs failed, 2 wrong usage or nothing usable, 3 internal, 130 stopped with Ctrl+C.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        try:
            app(standalone_mode=True)
        finally:
            sys.stdout.flush()  # here, where a full disk can still be told
    except KgError as error:
        print(f"kg: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _stopped()
    except SystemExit as ended:
        if ended.code == _STOPPED:  # typer makes this of Ctrl+C, and says nothing
            _stopped()
        raise
    except OSError as error:
        if error.errno not in _FULL:
            _refused(error)
        # What could not be written must not be tried again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = error.filename or "output"
        told = printable(f"kg: {where}: cannot be written ({error.strerror}); make room and try again")
        print(told, file=sys.stderr)
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - the last line of defence; everything foreseen is a KgError
        _internal(error)


def _stopped() -> NoReturn:
    print("kg: stopped", file=sys.stderr)
    sys.exit(_STOPPED)


def _refused(error: OSError) -> NoReturn:
    """Of a path that the user gave, one line; what the program needs of its own is no matter of theirs."""
    if error.errno not in _THEIRS or not isinstance(error.filename, str | bytes):
        _internal(error)
    path = os.fsdecode(error.filename)
    if Path(__file__).parents[1] in Path(os.path.abspath(path)).parents:  # noqa: PTH100 - resolve() may fail on it again
        _internal(error)
    print(f"kg: {printable(path)}: {error.strerror}; check the path and its rights", file=sys.stderr)
    sys.exit(2)


def _internal(error: Exception) -> NoReturn:
    """Of an error that nobody foresaw, all of it; a damaged database may be found at any read, and is the user's to mend."""
    from kg.graph.store.disk_errors import damage

    if found := damage(error):
        print(f"kg: {found}", file=sys.stderr)
        sys.exit(found.exit_code)
    odd = [
        said for said in sys.argv[1:] if not said.isascii() and said != said.encode("utf-8", "ignore").decode("utf-8")
    ]
    if odd and isinstance(error, UnicodeEncodeError):  # not beforehand: names of files may be no UTF-8
        print(f"kg: {odd[0]!r}: the argument is not UTF-8; write it in UTF-8", file=sys.stderr)
        sys.exit(2)
    traceback.print_exception(error)
    print(f"kg: internal error: {error}; please report it with the lines above", file=sys.stderr)
    sys.exit(3)
