"""Pairs of a practice and a thing: where they stand to each other, and what the link model reads of them."""

from __future__ import annotations

import numpy as np
import pytest
from extract_samples import article

from kg.extract.learned.candidates import find_rows
from kg.extract.learned.links import Judge, LinkModel, Meanings
from kg.extract.learned.pair_features import COLUMNS, FEATURES, KINDS
from kg.extract.learned.pairs import Decision, Pairs, see_pairs
from kg.extract.learned.phrases import PhraseTable
from kg.extract.learned.scene import Scene
from kg.extract.learned.things import Thing, group_places, place_level
from kg.extract.text.page import Page
from kg.extract.text.words import make_page

TEXT = "枫桥社区办起木工坊，退休师傅教孩子做板凳；又开了修车摊，志愿者轮流值守。"


def thing(page: Page, *words: str, named: bool = False, place: str = "") -> Thing:
    """What the words mention, each where it stands first."""
    starts = [page.text.index(one) for one in words]
    mentions = tuple((start, start + len(one)) for start, one in zip(starts, words, strict=True))
    return Thing(mentions, named, place_level(place), place)


@pytest.fixture(scope="module")
def page() -> Page:
    return make_page(article(TEXT))


def table_of(*spans: tuple[int, int]) -> PhraseTable:
    """A table of candidates without features."""
    rows = np.array([(0, 0, *span) for span in spans], np.int32).reshape(-1, 4)
    nothing = np.zeros((len(rows), 0), np.int32)
    return PhraseTable(rows, nothing, nothing, nothing, np.zeros((0, 0), np.float32), nothing, {})


def pair(scene: Scene, number: int, one: Thing, kind: str) -> Pairs:
    return see_pairs(scene, [one], [Decision(kind, [number], [0])])


def seen(pairs: Pairs, name: str) -> list[float]:
    """The value of a feature in each pair; of one that is counted the number."""
    columns = pairs.vectors[:, COLUMNS[name]]
    if columns.shape[1] == 1:
        return [float(value) for value in columns[:, 0]]
    assert (columns.sum(axis=1) == 1).all()
    return [float(place) for place in columns.argmax(axis=1)]


def test_the_columns_of_all_features_tile_the_vector() -> None:
    numbers = [number for columns in COLUMNS.values() for number in range(columns.start, columns.stop)]
    assert numbers == list(range(FEATURES)) == list(range(78)), "the shipped models read as many, in this order"


def test_a_value_sees_its_clause_and_the_practices_between(page: Page) -> None:
    workshop, stall, guard = thing(page, "木工坊", named=True), thing(page, "修车摊"), thing(page, "志愿者")
    scene = Scene(page, [workshop, stall])
    beyond, beside = pair(scene, 0, guard, "partners"), pair(scene, 1, guard, "partners")
    assert [seen(one, "kind") for one in (beyond, beside)] == [[KINDS.index("partners")]] * 2
    assert [seen(one, "practices_between") for one in (beyond, beside)] == [[1], [0]]
    assert [seen(one, "behind_this_practice") for one in (beyond, beside)] == [[0], [1]]
    assert [seen(one, "practice_named") for one in (beyond, beside)] == [[1], [0]]
    assert [seen(one, "sentences_on") for one in (beyond, beside)] == [[3 + 1], [3 + 0]]
    alone = pair(Scene(page, [workshop]), 0, guard, "partners")
    assert seen(alone, "practices_between") == [0], "without the stall nothing stands between"
    assert seen(pair(scene, 0, thing(page, "枫桥社区"), "organisers"), "same_clause") == [1]
    assert seen(pair(scene, 0, thing(page, "孩子"), "audiences"), "same_clause") == [0], "a comma stands between"


def test_of_many_mentions_the_nearest_counts() -> None:
    page = make_page(
        article("枫桥社区建成书屋。\n夜校每周开课，居民来听课。\n书屋里，居民读报；夜校和书屋都在柳溪村。")
    )
    school = Thing(((10, 12), (page.text.rindex("夜校"), page.text.rindex("夜校") + 2)))
    assert page.text[10:12] == "夜校"
    scene = Scene(page, [school])
    places = group_places(page, [(0, 4), (page.text.index("柳溪村"), page.text.index("柳溪村") + 3)])
    near = pair(scene, 0, places[1], "organisers")
    assert seen(near, "paragraphs_on") == [2], "the second mention of the school stands in the same paragraph"
    regions = see_pairs(scene, places, [Decision("region", [0, 0], [0, 1])])
    assert regions.practices.tolist() == [[10, 12]] * 2, "where the practice is told counts, not its nearest mention"
    assert regions.things.tolist() == [list(place.mentions[0]) for place in places]
    assert seen(regions, "level") == [5, 5] and seen(regions, "opens_sentence") == [1, 0]
    assert seen(regions, "behind_at") == [0, 1] and seen(regions, "thing_first") == [1, 0]


def test_parents_are_seen_with_their_lists_and_places() -> None:
    page = make_page(article("枫桥镇推出“院落行动”，设木工坊、修车摊。\n柳溪村的木工坊教孩子做板凳。"))
    programme = thing(page, "院落行动", named=True, place="枫桥镇")
    workshop = thing(page, "木工坊", place="柳溪村")
    stall = thing(page, "修车摊", place="柳溪村")
    practices = [programme, workshop, stall]
    pairs = see_pairs(Scene(page, practices), practices, [Decision("parent", [1, 1, 0], [0, 2, 1])])
    assert seen(pairs, "parent_named") == [1, 0, 0]
    assert seen(pairs, "parent_in_higher_place") == [1, 0, 0]
    assert seen(pairs, "parent_in_lower_place") == [0, 0, 1]
    assert seen(pairs, "parent_in_same_place") == [0, 1, 0]
    assert seen(pairs, "parent_beside") == [0, 1, 0]
    assert seen(pairs, "parent_is_first") == [1, 0, 0]
    assert seen(pairs, "parent_in_sentence") == [1, 1, 1]
    assert seen(pairs, "both_named") == [0, 0, 0]


def test_the_practices_near_a_character_are_those_of_its_paragraphs() -> None:
    two = make_page(article("甲村办起木工坊。\n乙村修了路。\n丙村通了车。\n丁村开了修车摊。"))
    scene = Scene(two, [thing(two, "木工坊"), thing(two, "修车摊")])
    assert scene.near(two.text.index("修了路")) == [0]
    assert scene.near(two.text.index("通了车")) == [1]


def test_what_the_link_model_reads_of_a_pair(page: Page) -> None:
    scene = Scene(page, [thing(page, "木工坊")])
    child = thing(page, "孩子")
    table = table_of(scene.practices[0].mentions[0], child.mentions[0])
    read = Meanings(table, np.array([[1, 2], [3, -1]], np.float32)).inputs(pair(scene, 0, child, "audiences"))
    assert read.shape == (1, FEATURES + 4)
    assert read[0, FEATURES:].tolist() == [1, 2, 3, -1], "the practice, then the thing"


def test_a_phrase_that_is_no_candidate_is_zeros(page: Page) -> None:
    scene = Scene(page, [thing(page, "木工坊")])
    read = Meanings(table_of((0, 2)), np.ones((1, 2), np.float32)).inputs(
        pair(scene, 0, thing(page, "孩子"), "audiences")
    )
    assert not read[0, FEATURES:].any()


def test_candidates_are_found_by_their_place() -> None:
    rows = table_of((0, 2), (0, 4), (3, 5)).rows
    assert find_rows(rows, [(3, 5), (0, 4), (0, 3), (9, 10)]).tolist() == [2, 1, -1, -1]
    assert find_rows(rows, []).tolist() == [] and find_rows(rows[:0], [(0, 2)]).tolist() == [-1]


def test_decisions_are_judged_alike_alone_and_among_thousands(page: Page) -> None:
    """More pairs than are seen at once: they come in parts, and none is lost."""
    random = np.random.default_rng(0)
    first = random.normal(size=(FEATURES + 4, 8)).astype(np.float32)
    second = random.normal(size=(8, 1)).astype(np.float32)
    weights = {"first": first, "first_bias": np.zeros(8), "second": second, "second_bias": np.zeros(1)}
    scene = Scene(page, [thing(page, "木工坊"), thing(page, "修车摊")])
    things = [thing(page, words) for words in ("孩子", "志愿者", "退休师傅")]
    table = table_of(*sorted(one.mentions[0] for one in (*things, *scene.practices)))
    judge = Judge(LinkModel(weights), table, random.normal(size=(5, 2)).astype(np.float32))
    decisions = [Decision("partners", [0, 1], [number % 3] * 2) for number in range(1500)]
    alone = [next(judge.decide(scene, things, [decision])).odds.tolist() for decision in decisions[:3]]
    assert [judged.odds.tolist() for judged in judge.decide(scene, things, decisions)] == alone * 500
