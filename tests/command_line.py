"""The commands as the command line knows them, for the tests of help and documentation."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import typer

from kg.cli.main import app

ROOT_COMMAND: Any = typer.main.get_command(app)


def commands() -> dict[str, Any]:
    """Every command that does something, by its words: ``kg query shared``."""
    return dict(_below("kg", ROOT_COMMAND))


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for word, inner in command.commands.items():
        yield from _below(f"{name} {word}", inner)


def parse(line: str) -> str:
    """The words of the command that a line calls; raises click's UsageError or SystemExit where it would be refused.

    The line is read with all its options and values, but the command does not run. What stands behind a pipe or a
    redirection is the shell's.
    """
    words = shlex.split(line, posix=True)
    for sign in ("|", ">", "<", "&&", ";", "2>"):
        if sign in words:
            words = words[: words.index(sign)]
    assert words[0] == "kg", line
    name, command, rest = "kg", ROOT_COMMAND, words[1:]
    while hasattr(command, "commands"):
        if not rest or rest[0] == "--help":
            return name
        if rest[0] not in command.commands:
            raise LookupError(f"{line}: no command {rest[0]!r} in {name}")
        name, command, rest = f"{name} {rest[0]}", command.commands[rest[0]], rest[1:]
    if "--help" not in rest:
        command.make_context(name, rest)
    return name
