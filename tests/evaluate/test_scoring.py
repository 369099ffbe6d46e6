"""The scores: rule by rule, on gold of our own, and equal to the shared scorer's."""

from __future__ import annotations

import copy
import importlib.util
import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.evaluate import Counts, Evaluation, evaluate
from kg.evaluate.gold import PlainRecord, by_file, load_gold
from kg.evaluate.interval import intervals
from kg.evaluate.scoring import ROWS, score_article, unsupported
from kg.model.record import SLOTS

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared"
SAMPLE = ROOT / "data" / "gold" / "sample.jsonl"
Records = dict[str, PlainRecord]


def practice(programme: str | dict[str, Any], **more: Any) -> PlainRecord:
    return {"programme": programme, "region": "青石街道", "part_of": None, "outcomes": [], "dates": []} | more


def article(*practices: PlainRecord, **more: Any) -> PlainRecord:
    return {"file": "a.txt", "practices": list(practices), "regions": []} | more


def scored(gold: PlainRecord, guess: PlainRecord, row: str) -> tuple[int, int, int]:
    counts = score_article(gold, guess, "a.txt").counts[row]
    return counts.matched, counts.gold, counts.predicted


@pytest.fixture(scope="module")
def sample() -> Records:
    return by_file(load_gold(SAMPLE), "sample")


def test_names_match_by_words_places_by_their_stem() -> None:
    gold = article(practice("灯下课堂"))
    assert scored(gold, article(practice("“灯下课堂”班")), "programme") == (1, 1, 1)
    assert scored(gold, article(practice("课堂")), "programme") == (0, 1, 1)
    assert scored(gold, article(practice("灯下课堂", region="青石")), "region") == (1, 1, 1)
    assert scored(gold, article(practice("灯下课堂", region="青石河街道")), "region") == (0, 1, 1)


def test_unnamed_practice_aligns_by_place_and_values() -> None:
    gold = article(practice("夜里讲课", named=False, formats=["讲课"], audiences=["网格员"]))
    guess = practice("办培训", formats=["讲课"], audiences=["网格员", "居民"])
    assert scored(gold, article(guess), "programme") == (1, 1, 1)
    assert scored(gold, article(guess | {"region": "白石街道"}), "programme") == (0, 1, 1)
    assert scored(gold, article(guess | {"formats": [], "audiences": ["居民"]}), "programme") == (0, 1, 1)
    assert scored(article(practice("夜里讲课", formats=["讲课"])), article(guess), "programme") == (0, 1, 1)


def test_values_are_a_set_over_the_article_links_are_not() -> None:
    gold = article(practice("灯下课堂", formats=["讲课"]), practice("晒谷场会", formats=["圆桌议事"]))
    swapped = article(practice("灯下课堂", formats=["圆桌议事"]), practice("晒谷场会", formats=["讲课", "讲课"]))
    assert scored(gold, swapped, "formats") == (2, 2, 2)
    assert scored(gold, swapped, "link:formats") == (0, 2, 2)
    assert scored(gold, swapped, "links") == (2, 4, 4), "the regions are right"


def test_parent_may_go_by_another_phrase() -> None:
    gold = article(
        practice("办夜校", named=False, formats=["夜校"], audiences=["居民"]), practice("灯下课堂", part_of="办夜校")
    )
    guess = article(
        practice("开办学堂", formats=["夜校"], audiences=["居民"]), practice("灯下课堂", part_of="开办学堂")
    )
    assert scored(gold, guess, "link:part_of") == (1, 1, 1)
    guess["practices"][1]["part_of"] = "灯下课堂"
    assert scored(gold, guess, "link:part_of") == (0, 1, 1)


def test_figures_dates_and_paths_match_exactly() -> None:
    outcome = {"text": "逾600人次", "value": 600, "unit": "人次", "comparator": ">"}
    path = [{"name": "青石", "path": ["河南省", "平顶山市"]}]
    gold = article(practice("课", outcomes=[outcome], dates=[{"iso": "2024-05"}]), regions=path)
    as_output = article(
        practice(
            "课",
            outcomes=[outcome | {"value": 600.0, "comparator": "="}, {"text": "多"}],
            dates=[{"text": "五月", "iso": "2024-05"}],
        ),
        regions=[{"name": "青石街道", "path": ["河南省", "平顶山市", "青石街道"]}],
    )
    assert scored(gold, as_output, "outcome") == (1, 1, 1)
    assert scored(gold, as_output, "comparator") == (0, 1, 1)
    assert scored(gold, as_output, "dates") == (1, 1, 1)
    assert scored(gold, as_output, "path") == (0, 1, 1)


def test_objects_with_text_count_as_their_text() -> None:
    gold = article(practice("灯下课堂", topics=["反诈"]), title="一盏灯", published="2024-05")
    value = {"text": "灯下课堂", "start": 3, "end": 7}
    guess = article(practice(value, topics=[{"text": "反诈"}]), title="一盏 灯", published="2024")
    for row, matched in {"programme": 1, "topics": 1, "meta:title": 1, "meta:published": 0}.items():
        assert scored(gold, guess, row) == (matched, 1, 1), row


def test_mistakes_account_for_every_count() -> None:
    gold = article(practice("灯下课堂", formats=["讲课"]), practice("晒谷场会"))
    score = score_article(gold, article(practice("灯下课堂", formats=["直播"])), "a.txt")
    for row in set(ROWS) - {"links", "planned"}:
        missed = [m for m in score.mistakes if m.row == row and m.kind == "missed"]
        assert len(missed) == score.counts[row].gold - score.counts[row].matched, row
    assert [(m.row, m.kind, m.value, m.practice) for m in score.mistakes if m.row == "link:formats"] == [
        ("link:formats", "missed", "讲课", "灯下课堂"),
        ("link:formats", "spurious", "直播", "灯下课堂"),
    ]


def test_strings_that_do_not_stand_in_the_text() -> None:
    record = article(practice("灯下课堂", venues=["祠堂"], outcomes=[{"text": "讲了6期", "value": 6}]))
    assert unsupported(record, "青石街道“灯下课堂”讲了6期。") == (1, 4)
    assert unsupported(record, "學堂") is None
    records = {"a.txt": record, "b.txt": record | {"file": "b.txt"}}
    texts = {"a.txt": "青石街道“灯下课堂”讲了6期。", "b.txt": "學堂"}
    assert evaluate(records, records, texts=texts).unsupported == (1, 4)


def test_gold_agrees_with_itself_and_nothing_with_nothing(sample: Records) -> None:
    same = evaluate(sample, sample, samples=50)
    assert same.core == 1.0 and not same.mistakes
    assert all(counts.f1 == 1.0 for counts in same.rows.values())
    assert set(same.intervals.values()) == {(1.0, 1.0)}
    none = evaluate(sample, {}, samples=50)
    assert none.core == 0.0 and len(none.unpredicted) == len(sample)


def test_interval_is_stable_holds_the_score_and_narrows(sample: Records) -> None:
    guess = perturbed(sample, 4)
    result, again = evaluate(sample, guess, seed=1), evaluate(sample, guess, seed=1)
    assert result.intervals == again.intervals
    low, high = result.intervals["core"]
    assert low < result.core < high and high - low < 0.2
    few = evaluate({name: sample[name] for name in list(sample)[:6]}, guess)
    assert (
        few.intervals["links"][1] - few.intervals["links"][0]
        > result.intervals["links"][1] - result.intervals["links"][0]
    )


def test_interval_has_the_width_that_theory_gives() -> None:
    """Of a proportion p over n articles the normal approximation is p ± 1.96 √(p(1−p)/n)."""
    rows = [dict.fromkeys(ROWS, Counts(int(i < 80), 1, 1)) for i in range(200)]
    low, high = intervals(rows)["links"]
    assert low == pytest.approx(0.4 - 1.96 * (0.4 * 0.6 / 200) ** 0.5, abs=0.012)
    assert high == pytest.approx(0.4 + 1.96 * (0.4 * 0.6 / 200) ** 0.5, abs=0.012)
    with pytest.raises(ValueError, match="no article"):
        intervals([])


def perturbed(records: Records, seed: int) -> Records:
    """Records with every kind of error: lost and invented practices, moved, cut, doubled and malformed values."""
    result = copy.deepcopy(records)
    for name in list(result):
        chance = random.Random(f"{seed} {name}")
        if chance.random() < 0.05:
            del result[name]
            continue
        practices = result[name]["practices"]
        chance.shuffle(practices)
        result[name]["practices"] = [_bent(p, chance) for p in practices if chance.random() < 0.85]
        result[name]["practices"] += [copy.deepcopy(p) for p in practices if chance.random() < 0.1]
        for region in result[name]["regions"]:
            if chance.random() < 0.2:
                region["path"] = chance.choice([None, region["path"][:-1], "河南省", []])
        if chance.random() < 0.2:
            result[name]["title"] = None
    return result


def _bent(practice: PlainRecord, chance: random.Random) -> PlainRecord:
    if chance.random() < 0.2:
        practice["programme"] = practice["programme"][:-1]
    if chance.random() < 0.2:
        practice["programme"] = {"text": "办一个班", "start": 0, "end": 4}
    if chance.random() < 0.15:
        practice["region"] = chance.choice([None, practice["region"] + "社区", {"text": "青石街道"}])
    if chance.random() < 0.3:
        practice["part_of"] = chance.choice([None, "办一个班"])
    for slot in SLOTS:
        values = [v for v in practice[slot] if chance.random() < 0.8]
        practice[slot] = [{"text": v} if chance.random() < 0.3 else v + "。" for v in values] + values[:1]
        if chance.random() < 0.1:
            practice[slot] = chance.choice(["讲课", None, ["", {"name": "讲课"}, 7]])
    for outcome in practice["outcomes"]:
        if chance.random() < 0.3:
            outcome.update(chance.choice([{"value": "600"}, {"value": None}, {"unit": None}, {"comparator": "<"}]))
    if chance.random() < 0.1:
        practice["planned"] = True
    return practice


def test_stored_expectation(sample: Records) -> None:
    """Scores of a perturbed copy of the sample's gold, once computed by the shared scorer."""
    result = evaluate(sample, perturbed(sample, 7), samples=10)
    got = {row: (counts.matched, counts.predicted) for row, counts in result.rows.items()}
    assert got == EXPECTED


EXPECTED: dict[str, tuple[int, int]] = {
    "programme": (221, 300),
    "planned": (27, 60),
    "region": (137, 161),
    "path": (141, 148),
    "formats": (150, 163),
    "audiences": (132, 145),
    "topics": (123, 140),
    "organisers": (131, 144),
    "partners": (130, 147),
    "venues": (80, 90),
    "channels": (7, 24),
    "outcome": (238, 280),
    "comparator": (210, 280),
    "dates": (134, 134),
    "link:region": (188, 281),
    "links": (696, 1112),
    "link:part_of": (62, 134),
    "link:formats": (135, 207),
    "link:audiences": (117, 181),
    "link:outcomes": (194, 309),
    "meta:title": (38, 38),
    "meta:publisher": (50, 50),
    "meta:published": (51, 51),
}


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    path = SHARED / "score.py"
    if not path.exists():
        pytest.skip("no shared scorer beside the repository")
    spec = importlib.util.spec_from_file_location("shared_scorer", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def agree(scorer: ModuleType, gold: Records, guess: Records) -> Evaluation:
    """Assert that both scorers count the same and list the same errors in all rows that both list."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    misses: list[tuple[str, str, Any]] = []
    for name, record in gold.items():
        scorer.score_article(record, guess.get(name, {"file": name}), counts, misses)
    mine = evaluate(gold, guess, samples=10)
    assert {row: [c.matched, c.gold, c.predicted] for row, c in mine.rows.items()} == dict(counts)
    for row, one in mine.rows.items():
        assert (one.precision, one.recall, one.f1) == pytest.approx(scorer.prf(*counts[row])), row
    listed = sorted((m.kind, m.row) for m in mine.mistakes if ":" not in m.row)
    assert listed == sorted((kind, slot) for kind, slot, _ in misses)
    return mine


def _shared(name: str) -> Records:
    return by_file(load_gold(SHARED / "gold" / f"{name}.jsonl"), name)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["press", "broadcast"])
def test_second_readers_score_as_with_the_shared_scorer(scorer: ModuleType, name: str) -> None:
    result = agree(scorer, _shared(name), _shared(f"{name}-second-reader"))
    assert 0.5 < result.core < 1.0


@pytest.mark.shared
@pytest.mark.parametrize("name", ["seeds", "press", "broadcast", "broadcast-more"])
def test_perturbed_records_score_as_with_the_shared_scorer(scorer: ModuleType, name: str) -> None:
    gold = _shared(name)
    for seed in range(4):
        agree(scorer, gold, perturbed(gold, seed))


@pytest.mark.shared
def test_perturbed_sample_scores_as_with_the_shared_scorer(scorer: ModuleType, sample: Records) -> None:
    for seed in (7, 8):
        agree(scorer, sample, perturbed(sample, seed))


@pytest.mark.shared
def test_unsupported_as_with_the_shared_scorer(scorer: ModuleType) -> None:
    found: list[tuple[int, int] | None] = []
    measure: Callable[..., Any] = scorer.unsupported
    for name, record in perturbed(_shared("seeds"), 2).items():
        text = (SHARED / "seeds" / name).read_text(encoding="utf-8", errors="ignore")
        found.append(unsupported(record, text))
        assert found[-1] == measure(record, str(SHARED / "seeds"))
    assert None in found and any(one and one[0] for one in found)
