"""Training of the phrase scorer (torch): the network of ``kg.extract.learned.phrases``, fitted on labelled candidates.

With the transformer beneath it, both are fitted at once: the transformer is fine-tuned by what the scorer gets wrong, and
by what a link network over the scorer's last layer does (``docs/decisions/learnt-together.md``).
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from kg.extract.learned.buckets import BUCKETS
from kg.extract.learned.encoder import BEGIN, STATES, windows
from kg.extract.learned.phrases import TYPES, PhraseModel, PhraseTable, same_phrase
from kg.extract.text.lac import HIDDEN, UPPER
from kg.knowledge.pieces import Pieces
from kg.train.corpus import Annotated
from kg.train.encoder import Transformer, pretrained, to_onnx
from kg.train.labels import Labels
from kg.train.links import LinkNetwork, decisions
from kg.train.manners import Manners

__all__ = ["fit_phrases", "targets"]

_WIDTH = 64
"""Numbers that words, shapes and LAC's states are summed up in, and, without the transformer, of the last layer."""
_WIDE, _LAYER = 256, 128
"""The same for the transformer's states, beside those, and for the last layer above both."""
_EPOCHS = 6
_TUNING_EPOCHS = 2
"""Passes with the transformer, which learns faster and costs ten times as much."""
_BATCH = 4
"""Articles a step."""
_RATE = 3e-3
_TUNING_RATES = 2e-3, 1.5e-4
"""Of the scorer and of the transformer beneath it."""
_WARM_UP = 0.15
_DROPOUT = 0.3
_LINKS = 0.3
"""Weight of what the links lose: the transformer learns from them, too, what belongs together."""
_FEW = 20
"""Added to the number of an article's values before its loss is divided by it: an article of few does not outweigh the others."""
_RARE = -4.0
"""Log-odds that a candidate starts with: hardly any is right."""
_FORGET = 0.1
"""Share of the templates that a training step leaves out."""


class _Network(nn.Module):
    def __init__(self, articles: Sequence[Annotated], transformer: Transformer | None = None) -> None:
        super().__init__()
        read, layer = (_WIDTH, _WIDTH) if transformer is None else (_WIDTH + _WIDE, _LAYER)
        self.manners = Manners(articles, read)
        self.start = nn.Embedding(BUCKETS, _WIDTH)
        self.end = nn.Embedding(BUCKETS, _WIDTH)
        self.shape = nn.Embedding(BUCKETS, _WIDTH)
        for table in (self.start, self.end, self.shape):
            nn.init.normal_(table.weight, 0, 0.02)
        self.hidden = nn.Linear(3 * HIDDEN, _WIDTH)
        self.context = nn.Linear(2 * UPPER, _WIDTH, bias=False)
        self.middle = nn.Linear(read, layer)
        self.out = nn.Linear(layer, len(TYPES))
        nn.init.constant_(self.out.bias, _RARE)
        self.skip = nn.Linear(read, len(TYPES), bias=False)
        self.drop = nn.Dropout(_DROPOUT)
        self.transformer = transformer
        if transformer is not None:
            self.states = nn.Linear(6 * STATES, _WIDE)
            self.links = LinkNetwork(articles, layer)

    def read(self, tables: Sequence[dict[str, Any]]) -> list[Tensor]:
        """The transformer's states of the pieces of each article; empty without one."""
        if self.transformer is None:
            return [torch.zeros(0)] * len(tables)
        cut = [ids for table in tables for ids in table["windows"]]
        lengths = torch.tensor([len(ids) for ids in cut])
        padded = nn.utils.rnn.pad_sequence(cut, batch_first=True, padding_value=BEGIN)
        with torch.autocast("cpu", torch.bfloat16):  # a third of the time, the same scores
            found = self.transformer(padded, lengths).float()
        rows = iter(found[i, :length] for i, length in enumerate(lengths.tolist()))
        return [torch.cat([next(rows)[1:-1] for _ in table["windows"]]) for table in tables]

    def forward(self, table: dict[str, Tensor], states: Tensor) -> tuple[Tensor, Tensor]:
        """(log-odds of each type, last layer) of each candidate."""
        left = self._sum(self.start, table["left"])[table["first"]]
        right = self._sum(self.end, table["right"])[table["last"]]
        hidden = self.drop(table["hidden"])
        at_start, at_end, within = (hidden @ part.T for part in self.hidden.weight.split(HIDDEN, 1))
        in_clause, in_sentence = (hidden[:, :UPPER] @ part.T for part in self.context.weight.split(UPPER, 1))
        start, end, around = table["begin"], table["end"], table["around"]
        offset = self.manners(table["manner"])
        x = left + right + self._sum(self.shape, table["shape"]) + self.hidden.bias + offset[:_WIDTH]
        x = x + at_start[start] + at_end[end - 1] + _mean(within, start, end)
        x = x + _mean(in_clause, around[:, 0], around[:, 1]) + _mean(in_sentence, around[:, 2], around[:, 3])
        if self.transformer is not None:
            states, rows = self.drop(states), table["rows"]
            *parts, article = (states @ part.T for part in self.states.weight.split(STATES, 1))
            at_start, at_end, within, in_clause, in_sentence = (part[rows] for part in parts)
            z = article.mean(0) + self.states.bias + offset[_WIDTH:]
            z = z + at_start[start] + at_end[end - 1] + _mean(within, start, end)
            z = z + _mean(in_clause, around[:, 0], around[:, 1]) + _mean(in_sentence, around[:, 2], around[:, 3])
            x = torch.cat([x, z], 1)
        x = self.drop(F.gelu(x, approximate="tanh"))
        y = F.gelu(self.middle(x), approximate="tanh")
        logits: Tensor = self.out(self.drop(y)) + self.skip(x)
        return logits, y

    def _sum(self, table: nn.Embedding, ids: Tensor) -> Tensor:
        """The sum of the templates' embeddings; in training some are left out, so that no single word decides."""
        rows = table(ids)
        if self.training:
            rows = rows * (torch.rand(ids.shape) >= _FORGET)[..., None] / (1 - _FORGET)
        total: Tensor = rows.sum(1)
        return total

    def weights(self) -> dict[str, NDArray[Any]]:
        """As ``PhraseModel`` reads them, in half precision."""
        named = {
            "start": self.start.weight,
            "end": self.end.weight,
            "shape": self.shape.weight,
            "hidden": self.hidden.weight.T,
            "hidden_bias": self.hidden.bias + self.manners.read_in()[:_WIDTH],
            "context": self.context.weight.T,
            "middle": self.middle.weight.T,
            "middle_bias": self.middle.bias,
            "out": self.out.weight.T,
            "out_bias": self.out.bias,
            "skip": self.skip.weight.T,
        }
        if self.transformer is not None:
            named |= {"states": self.states.weight.T, "states_bias": self.states.bias + self.manners.read_in()[_WIDTH:]}
        return {name: value.detach().numpy().astype(np.float16) for name, value in named.items()}


def targets(table: PhraseTable, labels: Labels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(label, weight) of each candidate for each type; weight 0 where the gold says neither yes nor no.

    What counts as the same phrase as a gold value, and other occurrences of a gold value, are left out.
    """
    start, end = table.rows[:, 2], table.rows[:, 3]
    wanted = np.zeros((len(start), len(TYPES)), np.float32)
    weight = np.ones_like(wanted)
    index = table.row_of
    for value in labels.unsure:
        k = TYPES.index(value.kind) if value.kind in TYPES else -1
        if k >= 0:
            weight[
                (start >= value.start - 2) & (end <= value.end + 2) & (end > value.start) & (start < value.end), k
            ] = 0
    right: list[tuple[int, int]] = []
    for value in labels.positive:
        same, k = same_phrase(start, end, value.start, value.end), TYPES.index(value.kind)
        weight[same, k] = 0
        if (value.start, value.end) in index:
            right.append((index[(value.start, value.end)], k))
        elif same.any():  # the words are cut otherwise: what comes nearest stands for it
            near = np.flatnonzero(same)
            off = abs(end[near] - start[near] - (value.end - value.start))
            right.append((int(near[off.argmin()]), k))
    for at in right:
        wanted[at], weight[at] = 1, 1
    return wanted, weight


def _tensors(article: Annotated, manners: Manners, pieces: Pieces | None) -> dict[str, Any]:
    table = article.table
    found: dict[str, Any] = {
        "left": torch.from_numpy(table.left),
        "right": torch.from_numpy(table.right),
        "shape": torch.from_numpy(table.shape),
        "hidden": torch.from_numpy(table.hidden),
        "around": torch.from_numpy(table.around),
        "begin": torch.from_numpy(table.rows[:, 2]),
        "end": torch.from_numpy(table.rows[:, 3]),
        "first": torch.from_numpy(table.rows[:, 0]),
        "last": torch.from_numpy(table.rows[:, 1]),
        "manner": torch.tensor(manners.number(article)),
    }
    if pieces is not None:
        cut = windows(article.page, pieces)
        found |= {
            "windows": [torch.from_numpy(ids) for ids in cut.ids],
            "rows": torch.from_numpy(cut.rows),
            "links": decisions(article),
        }
    return found


def _mean(rows: Tensor, start: Tensor, end: Tensor) -> Tensor:
    sums = torch.cat([torch.zeros(1, rows.shape[1]), torch.cumsum(rows, 0)])
    return (sums[end] - sums[start]) / (end - start).clamp(min=1)[:, None]


def fit_phrases(
    articles: Sequence[Annotated], *, tune: bool = False, seed: int = 0
) -> tuple[PhraseModel, bytes | None]:
    """Fit the phrase scorer, with ``tune`` together with the transformer, which is given as ONNX.

    The same articles in the same order and the same seed give the same weights.
    """
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    shuffle = random.Random(seed)
    transformer, scores = pretrained() if tune else (None, {})
    pieces = Pieces(scores) if tune else None
    network = _Network(articles, transformer)
    data = []
    for article in articles:
        if len(article.table.rows):
            wanted, weight = targets(article.table, article.labels)
            row = _tensors(article, network.manners, pieces), torch.from_numpy(wanted), torch.from_numpy(weight)
            data.extend([row] * article.times)
    epochs = _TUNING_EPOCHS if tune else _EPOCHS
    optimizer = _optimizer(network)
    rates = [group["lr"] for group in optimizer.param_groups]
    steps = epochs * -(-len(data) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=steps + 1, pct_start=_WARM_UP if tune else 0.3
    )
    network.train()
    for epoch in range(epochs):
        print(f"phrases: pass {epoch + 1} of {epochs}", file=sys.stderr, flush=True)
        shuffle.shuffle(data)
        for first in range(0, len(data), _BATCH):
            batch = data[first : first + _BATCH]
            optimizer.zero_grad()
            loss = torch.zeros(())
            for (table, answers, weights), states in zip(batch, network.read([row[0] for row in batch]), strict=True):
                logits, layer = network(table, states)
                losses = F.binary_cross_entropy_with_logits(logits, answers, reduction="none") * weights
                loss = loss + losses.sum() / (_FEW + answers.sum()) / _BATCH
                if decided := table.get("links"):
                    lost = network.links.loss(decided, layer, table["manner"])
                    loss = loss + _LINKS * lost / (_FEW + decided.answers.sum()) / _BATCH
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    _forget_unseen(network, [table for table, _, _ in data])
    model = PhraseModel(network.eval().weights())
    return model, to_onnx(transformer, scores) if transformer is not None else None


def _optimizer(network: _Network) -> torch.optim.AdamW:
    """AdamW; the transformer's weights, which know something already, move more slowly."""
    if network.transformer is None:
        return torch.optim.AdamW(network.parameters(), _RATE, weight_decay=1e-4)
    below = [weight for weight in network.transformer.parameters() if weight.requires_grad]
    above = [weight for name, weight in network.named_parameters() if not name.startswith("transformer.")]
    fast, slow = _TUNING_RATES
    return torch.optim.AdamW(
        [{"params": above, "lr": fast, "weight_decay": 1e-4}, {"params": below, "lr": slow, "weight_decay": 1e-2}]
    )


def _forget_unseen(network: _Network, tables: Sequence[dict[str, Tensor]]) -> None:
    """Set the buckets that no training article fell into to zero: they hold noise, and zeros pack small."""
    with torch.no_grad():
        for embedding, name in ((network.start, "left"), (network.end, "right"), (network.shape, "shape")):
            seen = torch.unique(torch.cat([table[name].flatten() for table in tables]))
            unseen = torch.ones(len(embedding.weight), dtype=torch.bool)
            unseen[seen] = False
            embedding.weight[unseen] = 0
