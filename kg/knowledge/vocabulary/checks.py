"""What a researcher's own vocabulary must not hold; all that is wrong is told with file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.errors import UsageError
from kg.knowledge.vocabulary.concept import OPEN_SCHEMES, SCHEMES, Concept, scheme_iri
from kg.knowledge.vocabulary.turtle import SKOS, Described, line_of
from kg.model.iri import VOCABULARY

__all__ = ["check_merged", "check_told", "nowhere", "wrong"]

_FORMATS = {"activity", "mode"}
"""Two schemes that are one to a reader: both are formats, under one kind of IRI."""
_OURS = {scheme_iri(scheme) for scheme in SCHEMES}


def check_told(told: Mapping[str, Described], ours: Mapping[str, Concept], path: Path) -> None:
    """Raises UsageError where the file says something that would have no effect, or two things that exclude another."""
    for one in told.values():
        if one.is_concept or one.iri in ours:
            _check_twice(one, path)
        concept = ours.get(one.iri)
        if concept is not None:
            _check_ours(one, concept, path)
        elif one.is_concept:
            _check_named(one, path)
        else:
            _check_undeclared(one, path)
    if not any(one.is_concept or (one.iri in ours and one.says) for one in told.values()):
        remedy = 'for one: my:tea-pickers a skos:Concept ; skos:prefLabel "采茶工"@zh ; skos:broader audience:farmers .'
        remedy += f" (skos: is <{SKOS}>)"
        raise UsageError("the vocabulary says nothing of any concept", where=str(path), remedy=remedy)


def _check_twice(one: Described, path: Path) -> None:
    for language, first, second in one.twice:
        what = f"two preferred labels in one language ({language}): {first!r} and {second!r}"
        raise wrong(path, one, what, "make one of them skos:altLabel", labels=[second])


def _check_ours(one: Described, concept: Concept, path: Path) -> None:
    for language, label in (("zh", concept.pref_zh), ("en", concept.pref_en)):
        said = one.label(language)
        if said not in {None, label}:
            what = f"this concept is called {label!r}, and that cannot be changed to {said!r}"
            raise wrong(path, one, what, "add the label as skos:altLabel", labels=[said or ""])


def _check_named(one: Described, path: Path) -> None:
    if one.blank:
        remedy = "give it an IRI of your own, <https://example.org/my/tea-pickers> for one"
        raise wrong(path, one, "a concept without IRI cannot be named in the graph", remedy)


def _check_undeclared(one: Described, path: Path) -> None:
    """Of what is no concept: whether it was meant as one."""
    if one.iri.startswith(VOCABULARY) and one.iri not in _OURS:
        raise wrong(
            path, one, "none of our concepts has this IRI", "correct the IRI; kg/knowledge/vocabulary has them all"
        )
    if one.broader or (not one.typed and (one.pref or one.alt or one.schemes)):
        remedy = "declare it: a skos:Concept" + (", and give it an IRI" if one.blank else "")
        raise wrong(path, one, "this is not declared as a concept", remedy)


def check_merged(
    one: Described, whole: Mapping[str, Concept], looped: set[str], owners: dict[tuple[str, str], set[str]], path: Path
) -> None:
    """Raises UsageError where what came of a concept does not fit to the others."""
    concept = whole[one.iri]
    if concept.scheme not in OPEN_SCHEMES:
        what = f"no value would lead to this concept: the scheme {concept.scheme} is read by our own labels alone"
        raise wrong(path, one, what, f"take it out; the schemes that can be added to are {', '.join(OPEN_SCHEMES)}")
    for iri in concept.broader:
        if iri not in whole:
            raise nowhere(path, one, iri)
        _check_scheme(one, concept, whole[iri], path)
    if one.iri in looped:
        raise wrong(path, one, "skos:broader leads back to the concept itself", "take one of the links out")
    for name in concept.names:
        others = sorted(owners[concept.scheme, name] - {concept.iri})
        if others:
            raise wrong(
                path,
                one,
                f"the label {name!r} already stands at <{others[0]}> in the scheme {concept.scheme}",
                "use that concept, or another label",
                name,
            )


def _check_scheme(one: Described, concept: Concept, above: Concept, path: Path) -> None:
    """A concept of two schemes would be found in the phrases of one of them only, and counted below the other."""
    if above.scheme != concept.scheme and not {above.scheme, concept.scheme} <= _FORMATS:
        what = f"this concept belongs to the scheme {concept.scheme}, and skos:broader leads to {above.scheme}: <{above.iri}>"
        raise wrong(path, one, what, "take one of the two, or make two concepts of it", above.iri)


def nowhere(path: Path, one: Described, iri: str) -> UsageError:
    """The error about a link to what is no concept."""
    return wrong(path, one, f"skos:broader leads to no known concept: <{iri}>", "correct the IRI", iri)


def wrong(
    path: Path, one: Described, what: str, remedy: str, needle: str = "", *, labels: Iterable[str] = ()
) -> UsageError:
    """An error about one concept, located at the first line that holds what it is about."""
    segments = [re.split(r"[/#]", iri)[-1] for iri in (needle, "" if one.blank else one.iri) if iri]
    needles = [*labels, *segments, *one.pref.values(), *one.alt] if one.blank else [*labels, *segments, one.iri]
    about = what if one.blank else f"{what} (concept <{one.iri}>)"
    return UsageError(about, where=f"{path}, line {line_of(path, *needles)}", remedy=remedy)
