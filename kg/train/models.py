"""All models of one training: fitted one after the other, written as a folder that ``kg.extract.learned.parts`` loads."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import UsageError
from kg.extract.learned.confidence import UNCALIBRATED
from kg.extract.learned.encoder import Encoder
from kg.extract.learned.parts import Learned, shipped_sentences, shipped_thresholds
from kg.extract.learned.phrases import PhraseModel
from kg.train.arrays import save_arrays
from kg.train.corpus import Annotated
from kg.train.links import fit_links
from kg.train.phrases import fit_phrases

__all__ = ["SHIPPED", "check_folder", "train", "write_models"]

SHIPPED = Path(__file__).parent.parent / "extract" / "models"
SEED = 0


def train(articles: Sequence[Annotated], *, fast: bool) -> tuple[Learned, bytes | None]:
    """All models from some articles, with what is shipped of sentences and thresholds; the encoder's file, unless ``fast``."""
    phrases, file = fit_phrases(articles, tune=not fast, seed=SEED)
    phrases = PhraseModel(_rounded(phrases.weights("float16")))  # what is shipped is what the links learn from
    encoder = Encoder(file) if file else None
    links = fit_links(articles, phrases, encoder, seed=SEED)
    return Learned(phrases, shipped_sentences(fast), links, shipped_thresholds(fast), UNCALIBRATED, encoder), file


def _rounded(weights: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Multiples of 1/1024: packs a third smaller and changes no score in its third digit."""
    return {
        name: (np.round(value.astype(np.float32) * 1024) / 1024).astype(value.dtype) for name, value in weights.items()
    }


def check_folder(folder: Path, *, fast: bool) -> None:
    """Raises UsageError where a folder has models of the other set, whose encoder or thresholds would stay beside these."""
    if (folder / "phrases.npz").exists() and (folder / "encoder.onnx").exists() == fast:
        theirs = "accurate" if fast else "fast"
        raise UsageError(f"it holds {theirs} models", where=str(folder), remedy="name another folder")


def write_models(folder: Path, models: Learned, encoder: bytes | None) -> None:
    """Write what ``train`` gave; a folder that has sentences, thresholds and a calibration already keeps them.

    Raises UsageError as ``check_folder`` does.
    """
    check_folder(folder, fast=encoder is None)
    folder.mkdir(parents=True, exist_ok=True)
    save_arrays(folder / "phrases.npz", _rounded(models.phrases.weights("float16")))
    save_arrays(folder / "links.npz", _rounded(models.links.weights("float32")))
    for name in ("sentences.toml", "thresholds.toml"):  # kg.train.sentences and kg.train.thresholds start from these
        if not (folder / name).exists():
            shutil.copy(SHIPPED / ("accurate" if encoder else "fast") / name, folder)
    if encoder:
        (folder / "encoder.onnx").write_bytes(encoder)
