"""Training of the link model (torch) on gold practices and gold values at their places.

Twice: beside the phrases, whose layer and transformer learn from it too, and once more over the finished layer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from kg.extract.learned.candidates import find_rows
from kg.extract.learned.encoder import Encoder
from kg.extract.learned.links import LinkModel
from kg.extract.learned.pair_features import FEATURES
from kg.extract.learned.pairs import Decision, Pairs, see_pairs
from kg.extract.learned.phrases import PhraseModel
from kg.extract.learned.scene import Scene
from kg.extract.learned.things import Thing, group_places, place_level
from kg.train.corpus import Annotated
from kg.train.labels import Placed
from kg.train.manners import Manners

__all__ = ["Decisions", "LinkNetwork", "decisions", "fit_links"]

_HIDDEN = 64
_DROPOUT = 0.3
_EPOCHS = 10
_RATE = 8e-3
_CHOICE = 10.0
"""Weight of the choice of a place or a parent: one of it stands against a dozen of pairs."""
_BATCH = 4
"""Articles a step."""


@dataclass(frozen=True)
class Decisions:
    """All link decisions of one article as its gold takes them: pairs of a practice and a thing, and which of them belong.

    Pair 0 is none at all, whose score is held at 0: a practice may be part of nothing.
    """

    vectors: Tensor
    """Where the two stand, in half precision, shape (pairs, FEATURES)."""
    practices: Tensor
    things: Tensor
    """Rows of the two among the article's candidates; one behind the last for what is none."""
    answers: Tensor
    alone: Tensor
    """Pairs that are each judged for themselves."""
    choices: Tensor
    """Of a place or a parent one is chosen: padded rows of pairs."""
    right: Tensor


def decisions(article: Annotated) -> Decisions | None:
    """The link decisions of an article, or None where it has none."""
    rows = article.table.rows
    none = [[-1, -1]]  # no candidate stands there
    vectors, practices, things = [np.zeros((1, FEATURES), np.float32)], [np.array(none)], [np.array(none)]
    answers = [0.0]
    alone: list[int] = []
    choices: list[list[int]] = []
    for kind, pairs, wanted in _groups(article):
        numbers = range(len(answers), len(answers) + len(wanted))
        vectors.append(pairs.vectors)
        practices.append(pairs.practices)
        things.append(pairs.things)
        answers += wanted
        if kind not in ("region", "parent"):
            alone += numbers
        elif kind == "parent":
            choices.append([0, *numbers])
        elif any(wanted):
            choices.append([*numbers])
    if len(answers) == 1:
        return None
    width = max((len(row) for row in choices), default=1)
    padded = torch.full((len(choices), width), -1, dtype=torch.long)
    right = torch.zeros(len(choices), width)
    for i, row in enumerate(choices):
        padded[i, : len(row)] = torch.tensor(row)
        truth = torch.tensor([answers[j] for j in row])
        if row[0] == 0 and not truth.any():
            truth[0] = 1
        right[i, : len(row)] = truth / truth.sum()
    found = [find_rows(rows, np.concatenate(spans)) for spans in (practices, things)]
    of_practices, of_things = (torch.from_numpy(np.where(some < 0, len(rows), some)) for some in found)
    return Decisions(
        torch.from_numpy(np.concatenate(vectors)).half(),
        of_practices,
        of_things,
        torch.tensor(answers),
        torch.tensor(alone, dtype=torch.long),
        padded,
        right,
    )


def _groups(article: Annotated) -> Iterator[tuple[str, Pairs, list[float]]]:
    """(kind, pairs, answers) of each decision. For ``region`` and ``parent`` exactly one answer is 1, or none."""
    practices = article.labels.practices
    text = article.page.text
    names = [text[p.region[0] : p.region[1]] if p.region else "" for p in practices]
    things = [
        Thing(tuple(p.mentions), p.named, place_level(name), name) for p, name in zip(practices, names, strict=True)
    ]
    places = group_places(article.page, _places(article))
    scene = Scene(article.page, things, min((place.start for place in places), default=-1))
    values = sorted({v for p in practices for v in p.values}, key=lambda v: (v.kind, v.start, v.end))
    for value in values:
        thing = Thing(((value.start, value.end),))
        pairs = see_pairs(scene, [thing], [Decision(value.kind, range(len(practices)), [0] * len(practices))])
        yield value.kind, pairs, [float(value in p.values) for p in practices]
    for i, practice in enumerate(practices):
        if places:
            pairs = see_pairs(scene, places, [Decision("region", [i] * len(places), range(len(places)))])
            yield "region", pairs, [float(place.place == names[i]) for place in places]
        if others := [j for j in range(len(practices)) if j != i]:
            pairs = see_pairs(scene, things, [Decision("parent", [i] * len(others), others)])
            yield "parent", pairs, [float(practices[j].name == practice.parent) for j in others]


def _places(article: Annotated) -> list[tuple[int, int]]:
    """All mentions of the gold's places, and what the tagger takes for places beside them."""
    labels = article.labels
    wanted = {p.region for p in labels.practices if p.region}
    more = {(v.start, v.end) for v in labels.unsure if isinstance(v, Placed) and v.kind == "region"}
    tagged = {(start, end) for start, end, tag in article.page.words if tag == "LOC"}
    apart = {span for span in tagged if all(span[1] <= s or span[0] >= e for s, e in wanted | more)}
    return sorted(wanted | more | apart)


class LinkNetwork(nn.Module):
    """The network of ``kg.extract.learned.links.LinkModel``, over the last layer of a phrase network."""

    def __init__(self, articles: Sequence[Annotated], layer: int) -> None:
        super().__init__()
        self.manners = Manners(articles, _HIDDEN)
        self.first = nn.Linear(FEATURES + 2 * layer, _HIDDEN)
        self.second = nn.Linear(_HIDDEN, 1)
        self.drop = nn.Dropout(_DROPOUT)

    def loss(self, decided: Decisions, layer: Tensor, manner: Tensor) -> Tensor:
        """The sum of what an article's decisions lose, from the layer of its candidates and the number of its manner."""
        layer = torch.cat([layer, torch.zeros(1, layer.shape[1])])
        x = torch.cat([decided.vectors.float(), layer[decided.practices], layer[decided.things]], 1)
        hidden = self.drop(F.relu(self.first(self.drop(x)) + self.manners(manner)))
        scores = torch.cat([torch.zeros(1), self.second(hidden)[1:, 0]])
        alone, choices = decided.alone, decided.choices
        loss = F.binary_cross_entropy_with_logits(scores[alone], decided.answers[alone], reduction="sum")
        if len(choices):
            picked = torch.where(choices >= 0, scores[choices.clamp(min=0)], torch.tensor(-1e4))
            loss = loss - _CHOICE * (torch.log_softmax(picked, 1) * decided.right).sum()
        result: Tensor = loss
        return result

    def model(self) -> LinkModel:
        """As the extraction reads it."""
        weights = {
            "first": self.first.weight.T,
            "first_bias": self.first.bias + self.manners.read_in(),
            "second": self.second.weight.T,
            "second_bias": self.second.bias,
        }
        return LinkModel({name: value.detach().numpy().astype(np.float32) for name, value in weights.items()})


def fit_links(
    articles: Sequence[Annotated], phrases: PhraseModel, encoder: Encoder | None = None, *, seed: int = 0
) -> LinkModel:
    """Fit the link model over what the phrase model (with its encoder, if it has one) makes of the phrases.

    Deterministic for the same articles in the same order and the same seed.
    """
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    network = LinkNetwork(articles, phrases.layer)
    # each article once: links learnt from real ones four times a pass are worse on others (0.018)
    data = [
        (decided, torch.from_numpy(phrases.read(article.read_with(encoder))[1]).half(), network.manners.number(article))
        for article in articles
        if (decided := decisions(article))
    ]
    shuffle.shuffle(data)
    optimizer = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=1e-3)
    steps = _EPOCHS * -(-len(data) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps + 1)
    network.train()
    for _ in range(_EPOCHS):
        shuffle.shuffle(data)
        for first in range(0, len(data), _BATCH):
            batch = data[first : first + _BATCH]
            optimizer.zero_grad()
            loss = torch.zeros(())
            for decided, layer, manner in batch:
                loss = loss + network.loss(decided, layer.float(), torch.tensor(manner))
            (loss / sum(len(decided.answers) for decided, _, _ in batch)).backward()
            optimizer.step()
            schedule.step()
    return network.eval().model()
