"""What sets one reader's manner of annotating apart from another's, learnt beside what all have in common.

Readers agree on what a practice is and where, and differ in what they take for a format or a topic. Each manner has an
offset of its own in the network's hidden layer; the product reads in the manner of the real articles' gold, so that
offset goes into the bias when the weights are written, and costs nothing at run time. A domain embedding, the simplest
of the ways of domain adaptation (H. Daumé III, "Frustratingly easy domain adaptation", ACL 2007, has the idea for
features).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from kg.train.corpus import REAL_MANNER, Annotated

__all__ = ["Manners"]


class Manners(nn.Module):
    """An offset for each manner of the articles, zero at first."""

    def __init__(self, articles: Sequence[Annotated], width: int) -> None:
        super().__init__()
        self.names = sorted({article.manner for article in articles})
        self.offsets = nn.Embedding(len(self.names), width)
        nn.init.zeros_(self.offsets.weight)

    def number(self, article: Annotated) -> int:
        """The number that ``forward`` takes for an article's manner."""
        return self.names.index(article.manner)

    def forward(self, numbers: Tensor) -> Tensor:
        found: Tensor = self.offsets(numbers)
        return found

    def read_in(self) -> Tensor:
        """The offset that the product reads with: of the real articles' manner, else the mean of all there are."""
        if REAL_MANNER in self.names:
            return self.offsets.weight[self.names.index(REAL_MANNER)]
        return torch.mean(self.offsets.weight, 0)
