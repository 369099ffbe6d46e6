"""How a release is described for catalogues and cited: DCAT, DataCite, CITATION.cff."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from kg.errors import UsageError
from kg.graph.rdf.terms import Terms

__all__ = ["LICENCES", "Description", "citation_cff", "citation_line", "datacite_json", "dcat_turtle"]

LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0 International",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "CC-BY-NC-4.0": (
        "Creative Commons Attribution-NonCommercial 4.0 International",
        "https://creativecommons.org/licenses/by-nc/4.0/",
    ),
    "CC0-1.0": ("Creative Commons Zero 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODbL-1.0": ("Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
}
"""SPDX identifier → name and address of the licences that a release may be given."""
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".jsonl": "application/jsonl",
    ".json": "application/json",
    ".nq": "application/n-quads",
    ".ttl": "text/turtle",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".cff": "application/yaml",
}
KEYWORDS = ("grassroots governance", "local press", "China", "comparative research", "information extraction", "RDF")
RIGHTS = "The rights in the articles remain with those who hold them."
_ORCID = re.compile(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PLAIN = "/:;()"
"""Signs of a DOI that stand in its URL as they are."""


@dataclass(frozen=True)
class Description:
    """What the releasing person says of the data set.

    Raises UsageError where a field cannot be what it should be.
    """

    title: str = "Practices of local governance, read from press articles"
    version: str = "1"
    creators: tuple[str, ...] = ()
    """``Family, Given`` for a person; anything without a comma is an organisation. Optionally ``; ORCID`` behind it."""
    publisher: str | None = None
    licence: str = "CC-BY-4.0"
    """One of ``LICENCES``: of the data, not of the articles."""
    issued: str | None = None
    """ISO 8601 date; where it is None, the day on which the store was last built."""
    doi: str | None = None
    address: str | None = None
    """URL of the folder from which the files can be downloaded."""

    def __post_init__(self) -> None:
        for option, said in (("--title", self.title), ("--version", self.version), ("--publisher", self.publisher)):
            if said is not None and not said.strip():
                raise UsageError("nothing stands there", where=option, remedy="name one, or leave the option out")
        if self.licence not in LICENCES:
            raise UsageError(f"no licence {self.licence!r}", where="--licence", remedy=f"one of {', '.join(LICENCES)}")
        if self.issued is not None and not _is_day(self.issued):
            raise UsageError(f"not a date: {self.issued!r}", where="--issued", remedy="write it as 2026-11-22")
        if self.doi is not None and not _DOI.fullmatch(self.doi):
            raise UsageError(f"not a DOI: {self.doi!r}", where="--doi", remedy="write it as 10.5281/zenodo.123456")
        if self.address is not None and not re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+", self.address):
            raise UsageError(f"not a URL: {self.address!r}", where="--address", remedy="write it as https://…")
        _ = self.names  # refuses what is no ORCID

    @property
    def doi_address(self) -> str | None:
        """The DOI as a URL; what a URL cannot hold is escaped (``<`` of the DOIs that name an article by its pages)."""
        return f"https://doi.org/{quote(self.doi, safe=_PLAIN)}" if self.doi else None

    @property
    def names(self) -> list[tuple[str, str | None]]:
        """(name, ORCID) of each creator; one anonymous creator where none was named."""
        found = []
        for creator in self.creators or ("Anonymous",):
            name, _, orcid = (part.strip() for part in creator.partition(";"))
            if not name:
                raise UsageError("no name stands there", where="--creator", remedy='write it as "Li, Hua"')
            if orcid and not _ORCID.fullmatch(orcid):
                raise UsageError(
                    f"not an ORCID: {orcid!r}", where="--creator", remedy="write it as 0000-0002-1825-0097"
                )
            if orcid and _check_character(orcid) != orcid[-1]:
                raise UsageError(
                    f"not an ORCID: {orcid!r}",
                    where="--creator",
                    remedy="its last sign does not fit the others: compare it",
                )
            found.append((name, orcid or None))
        return found


def _check_character(orcid: str) -> str:
    """The last sign that the digits of an ORCID demand (ISO 7064, MOD 11-2).

    >>> _check_character("0000-0002-1825-0097"), _check_character("0000-0002-1694-233X")
    ('7', 'X')
    """
    total = 0
    for digit in orcid[:-1].replace("-", ""):
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def citation_line(description: Description, issued: str) -> str:
    """One line to cite the release by.

    >>> citation_line(Description(title="Practices", creators=("Li, Hua",)), "2026-11-22")
    'Li, Hua (2026). Practices (version 1) [data set].'
    """
    names = "; ".join(name for name, _ in description.names)
    by = f" {description.publisher}." if description.publisher else ""
    doi = f" {description.doi_address}" if description.doi else ""
    return f"{names} ({issued[:4]}). {description.title} (version {description.version}) [data set].{by}{doi}"


def datacite_json(description: Description, issued: str, sizes: Sequence[str], abstract: str) -> bytes:
    """DataCite metadata (valid against schema 4.5) as a repository takes them; without a DOI where there is none yet."""
    name, address = LICENCES[description.licence]
    told: dict[str, object] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Practice records and RDF graph"},
        "creators": [_creator(*each) for each in description.names],
        "titles": [{"title": description.title, "lang": "en"}],
        "publisher": {"name": description.publisher or ":unav"},
        "publicationYear": issued[:4],
        "dates": [{"date": issued, "dateType": "Issued"}],
        "language": "zh",
        "version": description.version,
        "subjects": [{"subject": word, "lang": "en"} for word in KEYWORDS],
        "formats": sorted({*MEDIA_TYPES.values()} - {"application/yaml", "application/json"}),
        "sizes": list(sizes),
        "rightsList": [
            {
                "rights": name,
                "rightsUri": address,
                "rightsIdentifier": description.licence,
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "descriptions": [{"description": abstract, "descriptionType": "Abstract", "lang": "en"}],
    }
    if description.doi:
        told["doi"] = description.doi
    if description.address:
        told["url"] = description.address
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _creator(name: str, orcid: str | None) -> dict[str, object]:
    family, comma, given = (part.strip() for part in name.partition(","))
    told: dict[str, object] = {"name": name, "nameType": "Personal" if comma else "Organizational"}
    if comma:
        told |= {"familyName": family, "givenName": given}
    if orcid:
        told["nameIdentifiers"] = [
            {
                "nameIdentifier": f"https://orcid.org/{orcid}",
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
    return told


def citation_cff(description: Description, issued: str, abstract: str) -> bytes:
    """``CITATION.cff`` of the data set (Citation File Format 1.2.0)."""
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use these data, please cite them with their version."',
        "type: dataset",
        f"title: {_quoted(description.title)}",
        f"abstract: {_quoted(abstract)}",
        f"version: {_quoted(description.version)}",
        f"date-released: {issued}",
        f"license: {description.licence}",
        "authors:",
    ]
    for name, orcid in description.names:
        family, comma, given = (part.strip() for part in name.partition(","))
        lines.append(f"  - family-names: {_quoted(family)}" if comma else f"  - name: {_quoted(name)}")
        if comma:
            lines.append(f"    given-names: {_quoted(given)}")
        if orcid:
            lines.append(f'    orcid: "https://orcid.org/{orcid}"')
    if description.doi:
        lines.append(f"doi: {_quoted(description.doi)}")
    if description.address:
        lines.append(f"url: {_quoted(description.address)}")
    lines += ["keywords:", *(f"  - {_quoted(word)}" for word in KEYWORDS)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _quoted(text: str) -> str:
    # A JSON string is a YAML string, whatever stands in it.
    return json.dumps(text, ensure_ascii=False)


def dcat_turtle(
    description: Description, issued: str, abstract: str, files: Mapping[str, tuple[int, str]], base: str
) -> bytes:
    """The release as ``dcat:Dataset`` (DCAT 3) with a distribution a file; ``files``: path → (bytes, SHA-256)."""
    terms = Terms(base)
    text = terms.text
    own = f"<{description.doi_address}>" if description.doi else terms.iri(f"{base}release/{_slug(description)}")
    licence = f"<{LICENCES[description.licence][1]}>"
    told = [
        "a dcat:Dataset, void:Dataset",
        f"dcterms:title {text(description.title, 'en')}",
        f"dcterms:description {text(abstract, 'en')}",
        f"dcterms:issued {terms.typed(issued, 'date')}",
        f"dcat:version {text(description.version)}",
        f"dcterms:license {licence}",
        "dcterms:language <http://id.loc.gov/vocabulary/iso639-1/zh>",
        f"dcterms:bibliographicCitation {text(citation_line(description, issued))}",
        "dcat:keyword " + ", ".join(text(word, "en") for word in KEYWORDS),
        *(f"dcterms:creator {_node(own, 'creator', number)}" for number in range(1, len(description.names) + 1)),
        *(f"dcat:distribution {_node(own, 'file', number)}" for number in range(1, len(files) + 1)),
    ]
    if description.publisher:
        told.append(f"dcterms:publisher {_node(own, 'publisher', 1)}")
    blocks = [_block(own, told)]
    for number, (name, orcid) in enumerate(description.names, 1):
        agent = [f"a {'foaf:Person' if ',' in name else 'foaf:Organization'}", f"foaf:name {text(name)}"]
        blocks.append(
            _block(_node(own, "creator", number), agent + [f"owl:sameAs <https://orcid.org/{orcid}>"] * bool(orcid))
        )
    if description.publisher:
        blocks.append(
            _block(_node(own, "publisher", 1), ["a foaf:Organization", f"foaf:name {text(description.publisher)}"])
        )
    for number, (path, (size, digest)) in enumerate(sorted(files.items()), 1):
        node, kind = (
            _node(own, "file", number),
            MEDIA_TYPES.get("." + path.rsplit(".", 1)[-1], "application/octet-stream"),
        )
        distribution = [
            "a dcat:Distribution",
            f"dcterms:title {text(path)}",
            f"dcat:byteSize {terms.count(size)}",
            f"dcat:mediaType <https://www.iana.org/assignments/media-types/{kind}>",
            f"dcterms:rights {text(RIGHTS, 'en')}" if path.startswith("texts/") else f"dcterms:license {licence}",
            f"spdx:checksum {_node(own, 'checksum', number)}",
        ]
        if description.address:
            distribution.append(f"dcat:downloadURL <{description.address.rstrip('/')}/{path}>")
        blocks.append(_block(node, distribution))
        checksum = [
            "a spdx:Checksum",
            "spdx:algorithm spdx:checksumAlgorithm_sha256",
            f"spdx:checksumValue {terms.typed(digest, 'hexBinary')}",
        ]
        blocks.append(_block(_node(own, "checksum", number), checksum))
    return ("\n".join([_PREFIXES, *blocks])).encode("utf-8")


_PREFIXES = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix void: <http://rdfs.org/ns/void#> .
"""


def _slug(description: Description) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", description.title.lower()).strip("-") or "practices"
    return f"{words}-{re.sub(r'[^A-Za-z0-9.]+', '-', description.version)}"


def _node(own: str, kind: str, number: int) -> str:
    return f"{own[:-1]}#{kind}-{number}>"


def _block(subject: str, told: Sequence[str]) -> str:
    return f"{subject} " + " ;\n    ".join(told) + " .\n"
