"""Reads SKOS concepts from a Turtle file (with pyoxigraph: rdflib needs two seconds for what takes 30 ms here)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.errors import UsageError
from kg.knowledge.decoding import decoded
from kg.knowledge.simplified import simplified
from kg.model.iri import GP
from kg.model.labels import is_simplified, label_in, tag_of

__all__ = ["SKOS", "Described", "line_of", "read_turtle", "turtle_text"]

SKOS = "http://www.w3.org/2004/02/skos/core#"
_NEARLY_SKOS = re.compile(r"https?://(?:www\.)?w3\.org/2004/02/skos(?:/core[#/]?|[#/])", re.I)
"""What people write for it: with https, without www, with a slash at the end."""
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass
class Described:
    """What one file says of one IRI."""

    iri: str
    blank: bool = False
    """It has no IRI: the name is the parser's."""
    is_concept: bool = False
    typed: bool = False
    """The file says what it is, a concept or something else."""
    pref: dict[str, str] = field(default_factory=dict)
    """Language tag in lower case → preferred label."""
    twice: list[tuple[str, str, str]] = field(default_factory=list)
    """Language tag, preferred label, and another one in that language."""
    alt: list[str] = field(default_factory=list)
    """Chinese alternative labels, in simplified characters."""
    broader: list[str] = field(default_factory=list)
    schemes: list[str] = field(default_factory=list)
    close_match: list[str] = field(default_factory=list)
    definition: str | None = None
    dimension: str | None = None

    def label(self, language: str) -> str | None:
        """The preferred label of a language: the plain tag's before that of a region, ``zh-Hans`` before ``zh-CN``.

        Chinese in another script is none: it stands among the alternative labels, in simplified characters.
        """
        return label_in(language, self.pref.items())

    @property
    def says(self) -> bool:
        """The file says something of it that a vocabulary can hold."""
        return self.is_concept or bool(self.pref or self.alt or self.broader or self.close_match)

    @property
    def names(self) -> list[str]:
        """All Chinese labels as articles have them: in simplified characters."""
        of_variants = (_plain(text, tag) for tag, text in self.pref.items() if _main(tag) == "zh")
        return list(dict.fromkeys((*of_variants, *self.alt)))


def read_turtle(path: Path) -> dict[str, Described]:
    """All that the file says, by subject IRI (of what has none ``_:`` and the parser's name), in the order of the file.

    Raises
    ------
    UsageError
        the file is missing, is not UTF-8, is no Turtle, or has a namespace that is nearly that of SKOS (file and line are
        named).
    """
    said: dict[str, Described] = {}
    broader: dict[str, list[str]] = defaultdict(list)
    for triple in _triples(path):
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        _check_namespace(value.value if predicate == _TYPE and isinstance(value, ox.NamedNode) else predicate, path)
        if isinstance(subject, ox.NamedNode):
            one = said.setdefault(subject.value, Described(subject.value))
        elif isinstance(subject, ox.BlankNode):
            one = said.setdefault(str(subject), Described(str(subject), blank=True))
        else:
            continue
        if isinstance(value, ox.Literal):
            _literal(one, predicate, value)
        elif isinstance(value, ox.NamedNode):
            if predicate == SKOS + "narrower":
                broader[value.value].append(one.iri)
            else:
                _link(one, predicate, value.value)
    for iri, above in broader.items():
        said.setdefault(iri, Described(iri)).broader.extend(above)
    return said


def turtle_text(path: Path) -> str:
    """The text of a Turtle file, lines ended by \\n, without the mark that some editors put before UTF-8.

    Raises
    ------
    UsageError : the file is missing, or is not UTF-8 (file and line are named).
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"the vocabulary cannot be read ({error.strerror or error})",
            where=str(path),
            remedy="give the path of a Turtle file",
        ) from None
    return decoded(content, "the vocabulary", path).replace("\r\n", "\n").replace("\r", "\n")


def _triples(path: Path) -> list[ox.Quad]:
    try:
        return list(ox.parse(input=turtle_text(path), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise UsageError(
            f"this is no valid Turtle: {error.msg}",
            where=f"{path}, line {error.lineno or 1}",
            remedy="correct the line; https://www.w3.org/TR/turtle/ tells the syntax",
        ) from None


def _check_namespace(iri: str, path: Path) -> None:
    """Raises UsageError where a property or class is nearly one of SKOS: it would be passed over without a word."""
    nearly = None if iri.startswith(SKOS) else _NEARLY_SKOS.match(iri)
    if nearly:
        lines = turtle_text(path).split("\n")
        number = next((number for number, line in enumerate(lines, 1) if nearly[0] in line), 1)
        raise UsageError(
            f"this is not the namespace of SKOS: <{nearly[0]}>",
            where=f"{path}, line {number}",
            remedy=f"write <{SKOS}>",
        )


def _link(one: Described, predicate: str, iri: str) -> None:
    if predicate == _TYPE:
        one.typed = True
        one.is_concept |= iri == SKOS + "Concept"
    elif predicate == SKOS + "broader":
        one.broader.append(iri)
    elif predicate in (SKOS + "inScheme", SKOS + "topConceptOf"):
        one.schemes.append(iri)
    elif predicate == SKOS + "closeMatch":
        one.close_match.append(iri)


def _literal(one: Described, predicate: str, value: ox.Literal) -> None:
    text = value.value.strip()
    tag = tag_of(text, value.language)
    if predicate == SKOS + "prefLabel":
        first = one.pref.setdefault(tag, text)
        if first != text:
            one.twice.append((tag, first, text))
    elif predicate == SKOS + "altLabel" and _main(tag) == "zh":
        one.alt.append(_plain(text, tag))
    elif predicate == SKOS + "definition":
        one.definition = text
    elif predicate == GP + "dimension":
        one.dimension = text


def _main(tag: str) -> str:
    """The language of a tag, without region and script."""
    return tag.partition("-")[0]


def _plain(text: str, tag: str) -> str:
    return text if is_simplified(tag) else simplified(text)


def line_of(path: Path, *needles: str) -> int:
    """The line (from 1) of the file on which the first of the needles that occurs is found; 1 where none does.

    Triples do not know their lines; an error about one is located by its last path segment or its label.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    for needle in filter(None, needles):
        whole = re.compile(rf"(?<!\w){re.escape(needle)}(?![\w-])")
        for number, line in enumerate(lines, 1):
            if whole.search(line) and not line.lstrip().lower().startswith(("@prefix", "prefix", "#")):
                return number
    return 1
