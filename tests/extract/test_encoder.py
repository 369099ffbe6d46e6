"""The transformer's pieces and windows, and that it reads a page as a whole."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from extract_samples import article
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.learned.encoder import BEGIN, END, FIRST_WINDOWS, STATES, windows
from kg.extract.learned.parts import learned
from kg.extract.text.words import make_page
from kg.knowledge.pieces import SPECIAL, UNKNOWN, Pieces

SCORES = {"社区": -5.0, "社": -9.0, "区": -9.0, "夜": -8.0, "校": -8.0, "夜校": -10.0, ",": -3.0}


def test_a_word_is_cut_into_its_likeliest_pieces() -> None:
    pieces = Pieces(SCORES)
    known = list(SCORES)
    assert [(known[number - SPECIAL], a, b) for number, a, b in pieces.cut("社区夜校")] == [
        ("社区", 0, 2),
        ("夜校", 2, 4),
    ]


def test_full_width_signs_are_read_as_their_plain_form_and_the_unknown_as_unknown() -> None:
    (comma,) = Pieces(SCORES).cut("，")
    assert comma == (list(SCORES).index(",") + SPECIAL, 0, 1)
    assert Pieces(SCORES).cut("社鬱") == ((list(SCORES).index("社") + SPECIAL, 0, 1), (UNKNOWN, 1, 2))


PARTS = ["社区办起夜校。", "网格员，走访！", "甲乙丙丁" * 90 + "。", "\n", "“板凳会”开了三场；"]


@settings(max_examples=20, deadline=timedelta(seconds=5))
@given(st.lists(st.sampled_from(PARTS), min_size=1))
def test_every_character_of_a_word_has_the_piece_that_holds_it(parts: list[str]) -> None:
    page = make_page(article("".join(parts) + "完"))
    encoder = learned().encoder
    assert encoder is not None
    for first in FIRST_WINDOWS:
        cut = windows(page, encoder.pieces, first)
        held = np.concatenate([ids[1:-1] for ids in cut.ids])
        assert all(ids[0] == BEGIN and ids[-1] == END and 2 < len(ids) <= 256 for ids in cut.ids)
        assert (np.diff(cut.rows) >= 0).all()
        for start, end, _ in page.words:
            wanted = [number for number, a, b in encoder.pieces.cut(page.text[start:end]) for _ in range(a, b)]
            assert held[cut.rows[start:end]].tolist() == wanted


def test_an_article_is_cut_at_other_places_each_time_and_only_between_sentences() -> None:
    encoder = learned().encoder
    assert encoder is not None
    page = make_page(article("社区办起夜校。网格员，走访！" * 40))
    sentences = {page.text.index("社区"), *(at + 1 for at, sign in enumerate(page.text) if sign in "。！")}
    places = []
    for first in FIRST_WINDOWS:
        cut = windows(page, encoder.pieces, first)
        starts = np.cumsum([0, *(len(ids) - 2 for ids in cut.ids)])[:-1]
        places.append([int(np.searchsorted(cut.rows, row)) for row in starts])
        assert set(places[-1]) <= sentences
    assert len({at for found in places for at in found[1:]}) == sum(len(found) - 1 for found in places)


def test_what_a_window_ends_with_is_read_with_what_follows() -> None:
    encoder = learned().encoder
    assert encoder is not None
    opening = "社区办起夜校。" * 60
    page, other = (make_page(article(opening + end)) for end in ("居民来听课。" * 9, "网格员，走访！" * 9))
    last = windows(page, encoder.pieces).ids[0]
    assert np.array_equal(last, windows(other, encoder.pieces).ids[0])
    states, at = encoder.read(page)[0], len(last) - 3
    assert not np.allclose(states[at], encoder.read(other)[0][at], atol=0.01)


def test_a_window_in_which_cuts_fall_together_is_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = learned().encoder
    assert encoder is not None
    page = make_page(article("".join("居民" * length + "。" for length in range(200, 204))))
    wanted = encoder.read(page)[0]
    cuts = [[ids.tobytes() for ids in windows(page, encoder.pieces, first).ids] for first in FIRST_WINDOWS]
    assert cuts[0] == cuts[1] == cuts[2] and len(set(cuts[0])) == 4, "each sentence fills a window"
    run, ran = encoder._run, []
    monkeypatch.setattr(encoder, "_run", lambda ids: ran.append(ids.tobytes()) or run(ids))
    assert np.array_equal(encoder.read(page)[0], wanted)
    assert ran == cuts[0]


@pytest.mark.parametrize("text", ["社区。", "A", "\n \n", "社区办起夜校，居民学法。" * 3])
def test_a_short_article_is_read_whole(text: str) -> None:
    encoder = learned().encoder
    assert encoder is not None
    page = make_page(article(text))
    states, rows = encoder.read(page)
    assert len(rows) == len(page.text)
    assert rows.max() == len(states) - 1


def test_states_are_the_same_each_time_and_depend_on_the_sentence() -> None:
    encoder = learned().encoder
    assert encoder is not None
    one = make_page(article("社区办起夜校，居民学法。"))
    other = make_page(article("夜校的灯坏了，居民报修。"))
    states, rows = encoder.read(one)
    again, _ = encoder.read(one)
    assert states.shape[1] == STATES
    assert np.array_equal(states, again)
    elsewhere, places = encoder.read(other)
    here, there = states[rows[one.text.index("夜")]], elsewhere[places[other.text.index("夜")]]
    assert np.abs(here - there).max() > 0.1


def test_the_accurate_models_refuse_a_table_without_states() -> None:
    from kg.extract.learned.phrases import phrase_table

    table = phrase_table(make_page(article("社区办起夜校。")))
    with pytest.raises(ValueError, match="encoder"):
        learned().phrases.read(table)
    assert learned(fast=True).phrases.score(table).shape == (len(table.rows), 12)
