"""What the link model sees of a pair of a practice and a thing: its features by name, and the columns of each.

Training and extraction fill the same table (``Scene.pairs`` does), and the shipped weights are in its order.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["COLUMNS", "FEATURES", "KINDS", "Values", "vectors"]

KINDS = (
    "formats", "audiences", "topics", "organisers", "partners", "venues", "channels", "outcomes", "dates",
    "region", "parent",
)  # fmt: skip

_SIZES = {
    "constant": 1,
    # where the two stand
    "same_clause": 1,
    "sentences_on": 7,  # from the practice to the thing, -3 to 3
    "paragraphs_on": 5,  # -2 to 2
    "gap": 1,  # log of the characters between
    "thing_first": 1,
    "practices_between": 4,  # others, 3 for more
    "behind_this_practice": 1,  # the last mention of any practice before the thing is this one's
    "before_this_practice": 1,
    "practices_in_sentence": 4,  # of the thing
    "thing_in_practice": 1,
    "practice_in_thing": 1,
    "touching": 1,
    "practice_named": 1,
    "practice_listed": 1,
    "practice_in_heading": 1,
    "thing_in_heading": 1,
    "thing_in_title": 1,
    "first_practice": 1,
    "practice_in_sentence": 1,
    "both_named": 1,
    # of places and parents only
    "level": 6,
    "opens_sentence": 1,
    "behind_at": 1,  # 在, 走进, 来到
    "before_of": 1,  # 的
    "in_list": 1,
    "opens_paragraph": 1,
    "parent_named": 1,
    "parent_in_same_place": 1,
    "parent_in_higher_place": 1,
    "parent_in_lower_place": 1,
    "parent_is_first": 1,
    "a_mention_in_title": 1,
    "words_in_title": 1,
    "mentions": 1,  # log of how many
    "first_of_all": 1,  # the article's first place; of a parent: mentioned before the practice
    "in_section": 1,
    "in_section_heading": 1,
    "parent_opens_section": 1,
    "parent_listed": 1,
    "parent_beside": 1,  # in one list with the practice
    "parent_opens_paragraph": 1,
    "parent_words_in_practice": 1,
    "parent_in_sentence": 1,
    "behind_letter": 1,  # as a district behind its city
    "short": 1,
    # what it is asked for
    "kind": len(KINDS),
}
_ENDS = list(accumulate(_SIZES.values()))
COLUMNS = {name: slice(end - size, end) for (name, size), end in zip(_SIZES.items(), _ENDS, strict=True)}
"""The columns of each feature: one for a number or a yes, one for each value of what is counted."""
FEATURES = _ENDS[-1]
"""Length of a pair's vector; what the two phrases mean comes beside it."""


Values = dict[str, ArrayLike]
"""The values of some features, by name: one for each pair, or one for all."""


def vectors(count: int, values: Values) -> NDArray[np.float32]:
    """The vectors of so many pairs, shape (count, FEATURES), from the values by name; what has none is 0.

    A value that is counted is a whole number from 0, and sets its own column to 1.

    >>> vectors(2, {"short": [True, False], "level": [5, 0]})[:, COLUMNS["level"]]
    array([[0., 0., 0., 0., 0., 1.],
           [1., 0., 0., 0., 0., 0.]], dtype=float32)
    """
    filled = np.zeros((count, FEATURES), np.float32)
    pairs = np.arange(count)
    for name, value in values.items():
        columns = COLUMNS[name]
        if columns.stop - columns.start == 1:
            filled[:, columns.start] = value
        else:
            filled[pairs, columns.start + np.asarray(value)] = 1
    return filled
