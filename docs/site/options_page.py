"""The reference of the command line, from the commands themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import typer

from kg.cli.main import app

__all__ = ["options_markdown"]


def options_markdown() -> str:
    """Every command with its arguments, options, defaults and example."""
    lines = ["# Every option", "", "Generated from the commands; `kg COMMAND --help` says the same.", ""]
    for name, command in _commands("kg", typer.main.get_command(app)):
        lines += _page(name, command)
    return "\n".join(lines) + "\n"


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for word, inner in command.commands.items():
        yield from _commands(f"{name} {word}", inner)


def _page(name: str, command: Any) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option" and each.name != "help"]
    words = " ".join(_metavar(each) for each in arguments)
    yield from (f"## {name}", "", "```text", f"{name} {words} [OPTIONS]".replace("  ", " "), "```", "")
    said = inspect.cleandoc(command.help or "").replace("\b", "")
    text, _, example = said.partition("Example: ")
    yield from (_escaped(text.strip()), "")
    if example:
        yield from ("```console", f"$ {example.splitlines()[0]}", "```", "")
    if arguments or options:
        yield from ("| | what | default |", "| --- | --- | --- |")
        for each in (*arguments, *options):
            yield f"| {_named(each)} | {_escaped(' '.join((each.help or '').split()))} | {_default(each)} |"
        yield ""


def _metavar(argument: Any) -> str:
    shown = argument.metavar or argument.name.upper()
    return shown if argument.required else f"[{shown.strip('[]')}]"


def _named(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.metavar or param.name.upper()}`"
    return ", ".join(f"`{each}`" for each in (*param.opts, *param.secondary_opts))


def _default(param: Any) -> str:
    value = param.default
    if param.required:
        return "required"
    if value is None or value == () or callable(value) or value is False or "Sentinel" in type(value).__name__:
        return ""
    return f"`{getattr(value, 'value', value)}`"


def _escaped(text: str) -> str:
    return re.sub(r"([|<>])", r"\\\1", text)
