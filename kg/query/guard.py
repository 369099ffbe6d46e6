"""What a query may hold: reading only, and nothing that leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.errors import KgError, UsageError
from kg.graph.rdf.terms import CORE, PREFIXES
from kg.model.iri import BASE

__all__ = ["QueryMemoryError", "QueryTimeoutError", "check_query", "prefixes", "syntax_error", "tokens"]


class QueryTimeoutError(KgError):
    """A query was stopped at its time limit (exit code 1)."""

    exit_code = 1


class QueryMemoryError(KgError):
    """A query was stopped at its limit of memory (exit code 1)."""

    exit_code = 1

    def __init__(self) -> None:
        super().__init__(
            "the query was stopped: it needs too much memory",
            where="query",
            remedy="narrow it: join every pattern to the others by a variable, and sort or group fewer rows",
        )


_TOKEN = re.compile(
    r"""(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
         |"(?:[^"\\\n\r]|\\[^\n\r])*"|'(?:[^'\\\n\r]|\\[^\n\r])*')
      |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      |(?P<comment>\#[^\n\r]*)
      |(?P<variable>[?$]\w+)
      |(?P<type>\^\^)
      |(?P<name>[\w.-]*:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*)
      |(?P<word>[^\W\d]\w*)
      |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
"""The terminals of SPARQL 1.1 (W3C, 2013, 19.8). Where ``<`` may stand for an IRI or for "less than", it is the IRI, as the
longer token; Oxigraph decides it by what stands before. So nothing rests on these pieces alone: see ``worker.check_service``."""
_AT = re.compile(r"error at (\d+):(\d+)")
_DEEPEST = 200
"""Brackets within brackets. The parser calls itself for each, and a few thousand overflow its stack and end the process; the
deepest query of the catalogue has 6."""
_LONGEST = 1000
"""Operators and patterns chained between two brackets. They nest, too, once they are read: a few thousand sums or BINDs end
the process."""
_CHAINED = {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND"}
_UPDATE = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}


def tokens(query: str) -> Iterator[tuple[str, str, int]]:
    """The pieces of a query: kind (string, iri, comment, variable, name, word, other), text, and where it begins.

    >>> [kind for kind, text, at in tokens('ASK { ?a <x:y> "b" } # end') if text.strip()]
    ['word', 'other', 'variable', 'iri', 'string', 'other', 'comment']
    """
    for found in _TOKEN.finditer(query):
        yield str(found.lastgroup), found.group(), found.start()


def check_query(query: str) -> None:
    """Raises UsageError where the query would write, ask another server, or is nested too deeply to be parsed."""
    if not isinstance(query, str):
        remedy = "write it as text; that of a file: Path(…).read_text()"
        raise UsageError(f"not a query: {query!r}", where="query", remedy=remedy)
    if odd := re.search("[\ud800-\udfff]", query):
        raise UsageError("the query is not UTF-8", where=_place(query, odd.start()), remedy="write it in UTF-8")
    first, nesting = True, _Nesting()
    for kind, text, at in tokens(query):
        if said := nesting.fault(kind, text):
            raise UsageError(said, where=_place(query, at), remedy="ask in several queries")
        if kind != "word":
            continue
        word = text.upper()
        if word == "SERVICE":
            raise UsageError(
                "SERVICE is not allowed: queries stay on this machine",
                where=_place(query, at),
                remedy="remove the SERVICE block",
            )
        if first and word in _UPDATE:
            raise UsageError(
                f"{word} changes the store: queries only read",
                where=_place(query, at),
                remedy="use SELECT, ASK or CONSTRUCT",
            )
        # PREFIX and BASE may precede the form of the query.
        first = first and word in {"PREFIX", "BASE"}


class _Nesting:
    """The brackets that are open in a query that is read piece by piece, and the chain within each."""

    def __init__(self) -> None:
        self._open = ["{"]
        self._links = [0]

    def fault(self, kind: str, text: str) -> str | None:
        """What is too much with this piece; None while the query can be parsed."""
        if kind == "other":
            self._take(text)
        elif kind == "word" and text.upper() in _CHAINED:
            self._links[-1] += 1
        if len(self._open) > _DEEPEST + 1:
            return f"brackets stand {_DEEPEST} deep"
        return f"{_LONGEST:,} operators or patterns follow each other" if self._links[-1] > _LONGEST else None

    def _take(self, text: str) -> None:
        if text in "([{":
            self._open.append(text)
            self._links.append(0)
        elif text in ")]}" and len(self._open) > 1:
            self._open.pop()
            self._links.pop()
        elif text == ",":
            self._links[-1] = 0
        # Outside of parentheses signs belong to numbers: VALUES ?x { -1 -2 }.
        elif text in "!*/|&^" or (text in "+-" and self._open[-1] == "("):
            self._links[-1] += 1


def _place(query: str, at: int) -> str:
    line = query.count("\n", 0, at) + 1
    return f"query, line {line}, column {at - (query.rfind(chr(10), 0, at) + 1) + 1}"


def syntax_error(query: str, said: str) -> UsageError:
    """What the parser said, with its place in the query as it was given."""
    found = _AT.search(said)
    # The parser says it of a SERVICE that only it sees, too (worker.check_service).
    remedy = "correct it there" + ("; SERVICE is not allowed" if "service" in query.lower() else "")
    detail = " ".join(said.split(": expected", 1)[-1].split(": ", 1)[-1].split())
    if "Prefix not found" in detail:
        detail = "a prefix is not declared"
    short = detail if len(detail) <= 100 else detail[:100] + " …"
    if found is None:
        return UsageError(f"the query is not valid SPARQL: {short}", where="query", remedy="correct it")
    line, column = int(found.group(1)), int(found.group(2))
    rows = query.split("\n")
    near = rows[line - 1].strip()[:60] if line <= len(rows) else ""
    return UsageError(
        f"the query is not valid SPARQL in {near!r} ({short})",
        where=f"query, line {line}, column {column}",
        remedy=remedy,
    )


def prefixes(base: str = BASE) -> dict[str, str]:
    """Prefixes that a query need not declare, under the base of a store."""
    return {name: PREFIXES[name].replace(BASE, base) for name in CORE}
