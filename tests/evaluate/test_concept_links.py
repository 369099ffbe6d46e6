"""Gold concept links: their form, the scores of the linker on them, and the choice of thresholds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.evaluate.concept_thresholds import Answer, answers, lowest
from kg.evaluate.concepts import GoldLink, load_links, main, score, table, without
from kg.evaluate.gold import load_gold
from kg.knowledge.vocabulary import Vocabulary
from kg.model import Article
from kg.read import read_articles
from kg.resolve.concepts import LINKED_SLOTS, BigramRanker, ConceptLinker, VectorRanker

DATA = Path(__file__).parents[2] / "data"
GOLD = DATA / "gold" / "concepts.csv"
HEADING = "slot,surface,wording,concept,also,half,file\n"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load()


@pytest.fixture(scope="module")
def links(vocabulary: Vocabulary) -> list[GoldLink]:
    return load_links(GOLD, vocabulary)


def test_the_sample_is_what_the_data_card_says(links: list[GoldLink]) -> None:
    counts = {slot: sum(one.slot == slot for one in links) for slot in LINKED_SLOTS}
    assert counts == {"formats": 400, "audiences": 399, "topics": 399}
    assert len({(one.slot, one.surface) for one in links}) == len(links)
    assert [sum(one.seen for one in links if one.slot == slot) for slot in LINKED_SLOTS] == [80, 80, 80]


def test_every_phrase_stands_in_the_gold_or_in_its_article(links: list[GoldLink]) -> None:
    files = [DATA / "gold" / "sample.jsonl", DATA / "gold" / "unlabelled.jsonl", *(DATA / "corpus").glob("*.jsonl")]
    phrases = {
        (slot, text)
        for path in files
        for article in load_gold(path)
        for practice in article["practices"]
        for slot in LINKED_SLOTS
        for text in practice.get(slot) or ()
    }
    # the gold of the corpus was revised after they were drawn
    gone = {(one.slot, one.surface) for one in links} - phrases
    with GOLD.open(encoding="utf-8", newline="") as lines:
        homes = {(row["slot"], row["surface"]): row["file"] for row in csv.DictReader(lines)}
    paths = [path for path in DATA.glob("corpus/*/*.txt") if path.name in {homes[key] for key in gone}]
    articles = {article.file: article.text for article in read_articles(paths) if isinstance(article, Article)}
    assert len(gone) < 120
    assert [key for key in gone if key[1] not in articles[homes[key]]] == []


def test_accuracy_on_the_half_that_nothing_was_chosen_on(links: list[GoldLink], vocabulary: Vocabulary) -> None:
    """Floors a little under what docs/quality.md tells."""
    held = [one for one in links if one.half == "test"]
    linker = ConceptLinker(vocabulary)
    seen, unseen = score((one for one in held if one.seen), linker), score((o for o in held if not o.seen), linker)
    assert seen.right / seen.phrases >= 0.96
    assert unseen.right / unseen.phrases >= 0.62
    assert unseen.links_right / unseen.linked >= 0.85
    assert unseen.none_found / unseen.none >= 0.75
    pairs = score((o for o in held if not o.seen), ConceptLinker(vocabulary, BigramRanker(vocabulary)))
    assert unseen.right > pairs.right + 30


def test_nearest_links_are_right_nine_times_in_ten(links: list[GoldLink], vocabulary: Vocabulary) -> None:
    seen = [one for one in links if one.seen]
    blind = without(vocabulary, seen)
    found = [
        *answers((one for one in links if not one.seen), vocabulary, VectorRanker(vocabulary)),
        *answers(seen, blind, VectorRanker(blind)),
    ]
    linked = [one for one in found if one.score and one.link.half == "test"]
    assert len(linked) >= 90
    assert sum(one.right for one in linked) / len(linked) >= 0.85


def test_scores_count_what_they_say(vocabulary: Vocabulary) -> None:
    farmers = vocabulary.labels("audience")["农民"].iri
    elderly = vocabulary.labels("audience")["老年人"].iri

    def gold(surface: str, concept: str | None, *also: str | None) -> GoldLink:
        return GoldLink("audiences", surface, True, concept, frozenset(also), "test")

    found = score(
        [gold("农民", farmers), gold("老年人", farmers, elderly), gold("漂流瓶", None), gold("赶海人", farmers, None)],
        ConceptLinker(vocabulary),
    )
    assert (found.phrases, found.linked, found.right, found.first) == (4, 2, 4, 2)
    assert (found.links_right, found.none_right, found.none, found.none_found) == (2, 2, 1, 1)


def test_without_takes_labels_out_and_leaves_every_concept_one(vocabulary: Vocabulary) -> None:
    link = GoldLink("audiences", "“农民”", True, None, frozenset(), "tune")
    left = without(vocabulary, [link])
    assert "农民" in vocabulary.labels("audience") and "农民" not in left.labels("audience")
    assert set(left.concepts) == set(vocabulary.concepts)


def test_table_tells_slots_and_wordings_apart(links: list[GoldLink], vocabulary: Vocabulary) -> None:
    lines = table([one for one in links if one.slot == "topics"][:40], vocabulary).splitlines()
    assert [line.split(" | ")[0:2] for line in lines[2:]] == [
        [f"| {slot}", wording] for slot in ("topics", "all") for wording in ("seen", "left out", "unseen")
    ]


def test_lowest_threshold_that_keeps_the_precision() -> None:
    link = GoldLink("topics", "x", False, None, frozenset(), "tune")
    found = [Answer(link, 1 - number / 100, number % 10 != 9) for number in range(60)]
    assert lowest(found, 0.9) == found[59].score
    assert lowest(found[:40] + [Answer(link, 0.1, False)] * 20, 0.9) == found[39].score
    assert lowest(found[:10], 0.5) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("slot,surface\n", "the columns are"),
        (HEADING + "formats,讲座,seen,format/nowhere,,tune,a.txt\n", "line 2"),
        (HEADING + "formats,讲座,seen,audience/elderly,,tune,a.txt\n", "no concept 'audience/elderly'"),
        (HEADING + "venues,讲座,seen,,,tune,a.txt\n", "none that is known"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, vocabulary: Vocabulary, text: str, message: str) -> None:
    path = tmp_path / "links.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_links(path, vocabulary)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "links.csv"
    path.write_text(HEADING + "formats,讲座,seen,format/lecture,,test,a.txt\n", encoding="utf-8")
    assert main([str(path), "--half", "test"]) == 0
    assert "| formats | seen | 1 | 1.00 | 1.00 (" in capsys.readouterr().out
    wrong = HEADING + "formats,讲座,seen,format/lecture,,test,a.txt\nformats,讲座,seen,format/award,,test,b.txt\n"
    path.write_text(wrong, encoding="utf-8")
    assert main([str(path)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("| formats | seen |"))
    assert line == "| formats | seen | 2 | 1.00 | 0.50 (0.09–0.91) | 0.50 | 0.50 | – | – |"
    assert main([str(tmp_path / "none.csv")]) == 2
    assert "no such file" in capsys.readouterr().err
