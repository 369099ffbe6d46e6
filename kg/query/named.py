"""The catalogue: named queries, each a file that a researcher can read, copy and change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from kg.errors import UsageError
from kg.model.iri import BASE
from kg.query.arguments import one_name
from kg.query.guard import tokens
from kg.query.names import unknown

__all__ = ["NamedQuery", "named_queries", "named_query", "parameter_values"]

_HEAD = re.compile(r"#\s*(title-en|title-zh|param\s+\w+):\s*(.+)")


@dataclass(frozen=True)
class NamedQuery:
    """One query of the catalogue; ``parameters`` maps name → what it means. All may be left out."""

    name: str
    title_en: str
    title_zh: str
    parameters: Mapping[str, str]
    text: str

    def fill(self, values: Mapping[str, str], base: str = BASE) -> str:
        """The query with its parameters filled in (as string literals), under the base of a store.

        A region is filled in as it is: its full name or its IRI. ``Graph.run`` looks it up first.

        Raises UsageError where it has no such parameter.
        """
        for name in values:
            if name not in self.parameters:
                has = ", ".join(self.parameters) or "none"
                raise UsageError(
                    f"the query has no parameter {name!r}", where=self.name, remedy=f"its parameters: {has}"
                )
        pieces = []
        for kind, text, _ in tokens(self.text):
            value = values.get(text[1:]) if kind == "variable" and text.startswith("$") else None
            if value is None:
                pieces.append(text.replace(BASE, base) if kind == "iri" else text)
            else:
                pieces.append(_literal(value))
        # A parameter that is filled in is bound by being there.
        return re.sub(r'!BOUND\("(?:[^"\\]|\\.)*"\)', "false", "".join(pieces))


def _literal(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def named_queries() -> dict[str, NamedQuery]:
    """All queries of the catalogue, by name."""
    folder = resources.files("kg.query").joinpath("catalogue")
    names = sorted(entry.name.removesuffix(".rq") for entry in folder.iterdir() if entry.name.endswith(".rq"))
    found = {}
    for name in names:
        text = folder.joinpath(f"{name}.rq").read_text(encoding="utf-8")
        matches = [match for match in map(_HEAD.match, text.split("\n")) if match]
        heads = {match.group(1): match.group(2) for match in matches}
        parameters = {key.split()[1]: said for key, said in heads.items() if key.startswith("param")}
        found[name] = NamedQuery(name, heads["title-en"], heads["title-zh"], parameters, text)
    return found


def named_query(name: str) -> NamedQuery:
    """The query of this name. Raises UsageError where there is none, with the nearest."""
    queries = named_queries()
    if one_name(name, "catalogue") not in queries:
        raise unknown("query", name, queries, where="catalogue")
    return queries[name]


def parameter_values(given: list[str]) -> dict[str, str]:
    """``NAME=VALUE`` arguments as a mapping. Raises UsageError where one is none."""
    values = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign or not name:
            raise UsageError(f"not of the form NAME=VALUE: {each!r}", where="--param", remedy="for one: region=重庆市")
        values[name] = value
    return values
