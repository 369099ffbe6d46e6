"""Training of the link model (torch) on gold practices and gold values at their places."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from kg.extract.encoder import Encoder
from kg.extract.links import FEATURES, LinkModel, Meanings, Pair, Scene, Thing, group_places, place_level
from kg.extract.phrases import WIDTH, PhraseModel
from kg.train.corpus import Annotated
from kg.train.labels import Placed
from kg.train.manners import Manners

__all__ = ["Group", "fit_links", "link_groups"]

_HIDDEN = 64
_DROPOUT = 0.3
_EPOCHS = 10
_RATE = 8e-3
_CHOICE = 10.0
"""Weight of the choice of a place or a parent: one of it stands against a dozen of pairs."""
_BATCH = 4
"""Articles a step."""

Group = tuple[str, NDArray[np.float32], list[float]]
"""(kind, vectors, answers): the pairs of one decision. For ``region`` and ``parent`` exactly one answer is 1, or none."""


def link_groups(article: Annotated, phrases: PhraseModel, encoder: Encoder | None = None) -> list[Group]:
    """All link decisions of one article as its gold takes them."""
    practices = article.labels.practices
    text = article.page.text
    names = [text[p.region[0] : p.region[1]] if p.region else "" for p in practices]
    things = [
        Thing(tuple(p.mentions), p.named, place_level(name), name) for p, name in zip(practices, names, strict=True)
    ]
    places = group_places(article.page, _places(article))
    scene = Scene(article.page, things, min((place.start for place in places), default=-1))
    table = article.read_with(encoder)
    meanings = Meanings(table, phrases.read(table)[1])
    groups: list[tuple[str, list[Pair], list[float]]] = []
    values = sorted({v for p in practices for v in p.values}, key=lambda v: (v.kind, v.start, v.end))
    for value in values:
        thing = Thing(((value.start, value.end),))
        vectors = [scene.pair(i, thing, value.kind) for i in range(len(practices))]
        groups.append((value.kind, vectors, [float(value in p.values) for p in practices]))
    for i, practice in enumerate(practices):
        vectors = [scene.pair(i, place, "region") for place in places]
        groups.append(("region", vectors, [float(place.place == names[i]) for place in places]))
        others = [j for j in range(len(practices)) if j != i]
        vectors = [scene.pair(i, things[j], "parent", j) for j in others]
        groups.append(("parent", vectors, [float(practices[j].name == practice.parent) for j in others]))
    return [(kind, meanings.inputs(pairs), answers) for kind, pairs, answers in groups if pairs]


def _places(article: Annotated) -> list[tuple[int, int]]:
    """All mentions of the gold's places, and what the tagger takes for places beside them."""
    labels = article.labels
    wanted = {p.region for p in labels.practices if p.region}
    more = {(v.start, v.end) for v in labels.unsure if isinstance(v, Placed) and v.kind == "region"}
    tagged = {(start, end) for start, end, tag in article.page.words if tag == "LOC"}
    apart = {span for span in tagged if all(span[1] <= s or span[0] >= e for s, e in wanted | more)}
    return sorted(wanted | more | apart)


class _Network(nn.Module):
    def __init__(self, manners: Manners) -> None:
        super().__init__()
        self.manners = manners
        self.first = nn.Linear(FEATURES + 2 * WIDTH, _HIDDEN)
        self.second = nn.Linear(_HIDDEN, 1)
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, x: Tensor, manner: Tensor) -> Tensor:
        scores: Tensor = self.second(self.drop(F.relu(self.first(self.drop(x)) + self.manners(manner))))[:, 0]
        return scores


_Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
"""(vectors in half precision, the manner of each, answers, which pairs are judged each for itself, choices as padded rows
of indices, their answers)."""


def _batch(articles: Sequence[tuple[int, list[Group]]]) -> _Batch:
    """All decisions of some articles, each with the number of its manner, as tensors.

    Index 0 stands for "none", a pair whose score is held at 0.
    """
    vectors = [np.zeros((1, FEATURES + 2 * WIDTH), np.float16)]
    manners = [0]
    answers: list[float] = [0.0]
    alone: list[int] = []
    choices: list[list[int]] = []
    for manner, (kind, pairs, wanted) in ((manner, group) for manner, groups in articles for group in groups):
        numbers = list(range(len(answers), len(answers) + len(pairs)))
        vectors.append(pairs.astype(np.float16))
        manners += [manner] * len(pairs)
        answers += wanted
        if kind not in ("region", "parent"):
            alone += numbers
        elif kind == "parent":
            choices.append([0, *numbers])
        elif any(wanted):
            choices.append(numbers)
    width = max((len(row) for row in choices), default=1)
    padded = torch.full((len(choices), width), -1, dtype=torch.long)
    right = torch.zeros(len(choices), width)
    for i, row in enumerate(choices):
        padded[i, : len(row)] = torch.tensor(row)
        truth = torch.tensor([answers[j] for j in row])
        if row[0] == 0 and not truth.any():
            truth[0] = 1
        right[i, : len(row)] = truth / truth.sum()
    return (
        torch.from_numpy(np.concatenate(vectors)),
        torch.tensor(manners),
        torch.tensor(answers),
        torch.tensor(alone, dtype=torch.long),
        padded,
        right,
    )


def _loss(network: _Network, batch: _Batch) -> Tensor:
    vectors, manners, answers, alone, choices, right = batch
    scores = network(vectors.float(), manners)
    scores = torch.cat([torch.zeros(1), scores[1:]])
    loss = F.binary_cross_entropy_with_logits(scores[alone], answers[alone], reduction="sum")
    if len(choices):
        picked = torch.where(choices >= 0, scores[choices.clamp(min=0)], torch.tensor(-1e4))
        loss = loss - _CHOICE * (torch.log_softmax(picked, 1) * right).sum()
    result: Tensor = loss
    return result


def fit_links(
    articles: Sequence[Annotated], phrases: PhraseModel, encoder: Encoder | None = None, *, seed: int = 0
) -> LinkModel:
    """Fit the link model over what the phrase model (with its encoder, if it has one) makes of the phrases.

    Deterministic for the same articles in the same order and the same seed.
    """
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    manners = Manners(articles, _HIDDEN)
    order = list(articles)  # each once: links learnt from real articles four times a pass are worse on others (0.018)
    shuffle.shuffle(order)
    batches = [
        _batch([(manners.number(a), link_groups(a, phrases, encoder)) for a in order[first : first + _BATCH]])
        for first in range(0, len(order), _BATCH)
    ]
    network = _Network(manners)
    optimizer = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=_EPOCHS * len(batches) + 1)
    network.train()
    for _ in range(_EPOCHS):
        shuffle.shuffle(batches)
        for batch in batches:
            optimizer.zero_grad()
            (_loss(network, batch) / len(batch[0])).backward()
            optimizer.step()
            schedule.step()
    weights = {
        "first": network.first.weight.T,
        "first_bias": network.first.bias + manners.read_in(),
        "second": network.second.weight.T,
        "second_bias": network.second.bias,
    }
    return LinkModel({name: value.detach().numpy().astype(np.float32) for name, value in weights.items()})
