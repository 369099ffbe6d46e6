"""The learned parts of the extraction, as they are shipped: the accurate models and the fast ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import UsageError
from kg.extract.learned.confidence import UNCALIBRATED, Confidence
from kg.extract.learned.encoder import Encoder
from kg.extract.learned.links import LinkModel
from kg.extract.learned.phrases import PhraseModel
from kg.extract.learned.sentences import SentenceModel

__all__ = ["Learned", "learned", "load_learned", "shipped_sentences", "shipped_thresholds"]


@dataclass(frozen=True)
class Learned:
    """What was learnt together: models are not mixed."""

    phrases: PhraseModel
    sentences: SentenceModel
    links: LinkModel
    least: Mapping[str, float]
    """Thresholds of the decisions, by name."""
    confidence: Confidence
    encoder: Encoder | None
    """None for the fast models, which read LAC's hidden states alone."""


@cache
def learned(fast: bool = False) -> Learned:
    """The shipped models, loaded once a process."""
    return load_learned(_shipped(fast))


def shipped_thresholds(fast: bool) -> Mapping[str, float]:
    """Those of the shipped models, which are not loaded for it."""
    return _table(_shipped(fast) / "thresholds.toml")


def shipped_sentences(fast: bool) -> SentenceModel:
    """That of the shipped models, likewise."""
    return SentenceModel(_table(_shipped(fast) / "sentences.toml"))


def _shipped(fast: bool) -> Traversable:
    return files("kg.extract") / "models" / ("fast" if fast else "accurate")


def _table(file: Traversable | Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def load_learned(folder: Traversable | Path) -> Learned:
    """The models of a folder; it has an encoder or it has none.

    Raises UsageError where its thresholds are not those that the extraction asks for.
    """
    encoder, least = folder / "encoder.onnx", _thresholds(folder / "thresholds.toml")
    return Learned(
        PhraseModel(_arrays(folder / "phrases.npz")),
        SentenceModel(_table(folder / "sentences.toml")),
        LinkModel(_arrays(folder / "links.npz")),
        least,
        _confidence(folder / "calibration.toml"),
        Encoder(encoder.read_bytes()) if encoder.is_file() else None,
    )


def _thresholds(file: Traversable | Path) -> Mapping[str, float]:
    """Those of a file: all that the shipped models have, whatever was known when the file was written."""
    least = _table(file)
    if missing := sorted(shipped_thresholds(fast=False).keys() - least.keys()):
        remedy = f"take the line {missing[0]} = … over from {_shipped(False) / 'thresholds.toml'}"
        raise UsageError(f"it has no threshold {', '.join(missing)}", where=str(file), remedy=remedy)
    return least


def _confidence(file: Traversable | Path) -> Confidence:
    """The curves of a file; models that have just been trained have none yet."""
    return Confidence(_table(file)) if file.is_file() else UNCALIBRATED


def _arrays(file: Traversable | Path) -> dict[str, NDArray[Any]]:
    with file.open("rb") as stream:
        return dict(np.load(stream))
