"""What may be written for an argument, and what is said where something else was."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from inspect import Parameter, signature, unwrap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import kg
from kg.compare import ComparedGraph
from kg.compare.column_copy.selection import Limited
from kg.compare.contrast import contrast
from kg.compare.coverage import coverage
from kg.compare.families import families
from kg.compare.outcomes import outcomes
from kg.compare.questions import Questions
from kg.compare.shared import shared_features
from kg.compare.similar import similar_practices
from kg.compare.spread import spread
from kg.errors import UsageError
from kg.verbs import extract as verb
from kg.view.opened import OpenedGraph


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[OpenedGraph]:
    with kg.open(store) as opened:
        yield opened


def test_several_places_are_taken_everywhere(graph: OpenedGraph) -> None:
    both = ["四川省", "浙江省"]
    each = [set(graph.practices(region=name)["practice"]) for name in both]
    for said in (both, tuple(both), pd.Series(both), np.array(both)):
        assert set(graph.practices(region=said)["practice"]) == each[0] | each[1]
    assert graph.matrix(region=None).equals(graph.matrix())
    assert set(graph.matrix(region=both, min_regions=1)) == set(both)
    nobody = graph.practices(region=both, format="夜校", min_confidence=1)
    assert nobody.attrs["notes"][0].startswith("no practice lies in 四川省、浙江省 (only")


def test_one_name_is_a_list_of_one_and_a_list_is_its_names(graph: OpenedGraph) -> None:
    assert graph.shared(features="format").frame.equals(graph.shared(features=["format"]).frame)
    assert graph.shared(features=None).frame.equals(graph.shared().frame)
    assert graph.spread(["夜校"]).frame.equals(graph.spread("夜校").frame)
    assert graph.outcomes(["夜校", "流动宣讲"]).question == graph.outcomes("夜校", "流动宣讲").question
    one = graph.coverage(practices="晨光学堂1号", features="format").figures
    assert one == graph.coverage(practices=["晨光学堂1号"], features=["format"]).figures and one["practices"] == 1


def test_no_kind_of_feature_is_refused(graph: OpenedGraph) -> None:
    for ask in (graph.spread, graph.outcomes, graph.coverage):
        with pytest.raises(UsageError, match="features: no name is given; None sets no limit"):
            ask("夜校", features=[])


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda g: g.contrast(["四川省"], ["浙江省"]), "contrast: one name is taken, not several; ask once for each"),
        (lambda g: g.contrast(2021, 2022), "contrast: not a name: 2021"),
        (lambda g: g.similar(["晨光学堂1号"]), "practice: one name is taken"),
        (lambda g: g.practices(format=["夜校", "流动宣讲"]), "format: one name is taken"),
        (lambda g: g.practices(region=[5]), r"region: not a name: 5; write"),
        (lambda g: g.practices(region=5), "region: not a name: 5"),
        (lambda g: g.practice(["晨光学堂1号"]), "practice: one name is taken"),
        (lambda g: g.evidence(["夜校"]), "evidence: one name is taken"),
        (lambda g: g.matrix(["format"]), "feature: one name is taken"),
        (lambda g: g.spread(None), "name a feature whose spread is wanted"),
        (lambda g: g.shared(features="shape"), "no such feature: shape"),
        (lambda g: g.run("practices", {"region": ["四川省"]}), "region: one name is taken"),
        (lambda g: g.practices(region=[]), "region: no name is given; None sets no limit"),
        (lambda g: g.show(region=pd.Series([], dtype=str)), "region: no name is given"),
        (lambda g: g.matrix(region=()), "region: no name is given"),
        (lambda g: g.spread(practices=[]), "practices: no name is given"),
        (lambda g: g.shared(features=[]), "features: no name is given"),
        (lambda g: g.outcomes(unit=["人次"]), "unit: one name is taken"),
        (lambda g: g.article(Path("002.txt")), "article: not a name: PosixPath|article: not a name: WindowsPath"),
        (lambda g: g.article(None), "article: not a name: None"),
        (lambda g: g.run(None), "catalogue: not a name: None"),
        (lambda g: g.sparql(Path("q.rq")), "query: not a query: .*; write it as text"),
        (lambda g: g.table(language="fr"), "language: no headings in 'fr'; use zh or en"),
        (lambda g: g.export("t.csv", "table", language="fr"), "language: no headings in 'fr'"),
        (lambda g: kg.open(None), "store: not a store: None; name the folder"),
        (lambda g: kg.open(b"store"), "store: not a store: b'store'"),
        (pickle.dumps, "an opened store stays in its process; open the store in each process"),
    ],
)
def test_what_is_no_name_is_told(graph: OpenedGraph, ask: Callable[[Any], object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ask(graph)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda g: g.shared(level="province"), "shared: there is no option 'level'; use one of across, min_regions"),
        (lambda g: g.shared(feature="format"), r"did you mean features\?"),
        (
            lambda g: g.spread("夜校", feature="format"),
            r"spread: there is no option 'feature'; did you mean features\?",
        ),
        (lambda g: g.outcomes(feature="format"), r"did you mean features\?"),
        (lambda g: g.matrix(features="format"), r"matrix: there is no option 'features'; did you mean feature\?"),
        (lambda g: g.families(min_similarty=0.5), r"did you mean min_similarity\?"),
        (lambda g: g.show(max_node=10), r"show: there is no option 'max_node'; did you mean max_nodes\?"),
        (lambda g: g.export("a.csv", languge="en"), r"export: there is no option 'languge'; did you mean language\?"),
        (lambda g: g.families(whatever=1), "families: there is no option 'whatever'; use one of across, min_members"),
        (lambda g: g.shared(min_regions="3"), "min_regions: a whole number is wanted, not '3'"),
        (lambda g: g.shared(min_regions=None), "min_regions: a whole number is wanted, not None"),
        (lambda g: g.matrix(min_articles=None), "min_articles: a whole number"),
        (lambda g: g.shared(max_q="0.05"), "max_q: a number is wanted, not '0.05'"),
        (lambda g: g.shared(combine=2.0), "combine: a whole number is wanted, not 2.0"),
        (lambda g: g.contrast("四川省", "浙江省", min_practices="5"), "min_practices: a whole number"),
        (lambda g: g.spread("夜校", seed=-1), "seed: at least 0, not -1"),
        (lambda g: g.spread("夜校", permutations=0), "permutations: at least 1, not 0"),
        (lambda g: g.sparql("ASK {}", timeout="5"), "timeout: a number is wanted, not '5'"),
        (lambda g: g.sparql("ASK {}", max_rows=2.5), "max_rows: a whole number is wanted"),
    ],
)
def test_what_is_no_option_or_no_number_is_told(graph: OpenedGraph, ask: Callable[[Any], object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ask(graph)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (2024, 2024),
        (np.int64(2024), "2024"),
        (date(2024, 1, 1), date(2024, 12, 31)),
        (datetime(2024, 1, 1, 8, 30, tzinfo=UTC), pd.Timestamp("2024-12-31 23:59", tz="Asia/Shanghai")),
        (pd.Timestamp("2024-01-01"), np.datetime64("2024-12-31T12:00")),
    ],
)
def test_dates_are_taken_as_python_has_them(graph: OpenedGraph, since: Any, until: Any) -> None:
    answer = graph.coverage(since=since, until=until)
    assert answer.notes[-1] == "only: practices from 2024-01-01; practices until 2024-12-31"
    assert answer.frame.equals(graph.coverage(since="2024-01-01", until="2024-12-31").frame)


@pytest.mark.parametrize("wrong", [20, 2024.5, True, pd.NaT, np.datetime64("NaT"), [2024], "2024-13", b"2024"])
def test_what_is_no_date_is_told(graph: OpenedGraph, wrong: Any) -> None:
    with pytest.raises(UsageError, match=r"since: not a date: .*write 2024-06-30, 2024-06 or 2024"):
        graph.shared(since=wrong)


ASKED: dict[str, Callable[..., Any]] = {
    "shared": shared_features,
    "similar": similar_practices,
    "families": families,
    "spread": spread,
    "contrast": contrast,
    "outcomes": outcomes,
    "coverage": coverage,
}
"""Question → the function behind it."""
TOPPED = ("shared", "similar", "families", "contrast", "outcomes")
"""Questions that take a number of rows."""


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("practices", {"format", "audience", "topic"}),
        ("shared", {"across", "features", "combine", "max_q", "top"}),
        ("matrix", {"feature", "across", "top"}),
        ("spread", {"words", "across", "practices", "seed"}),
        ("contrast", {"one", "other", "min_practices"}),
        ("outcomes", {"words", "features", "unit", "min_figures"}),
        ("coverage", {"words", "by"}),
        ("similar", {"said", "everywhere"}),
        ("families", {"min_similarity", "min_members", "resamples"}),
    ],
)
def test_help_shows_the_options_of_a_question(question: str, options: set[str]) -> None:
    method = getattr(OpenedGraph, question)
    shown = signature(method)
    assert set(shown.parameters) >= {"self", "stated_only", "min_confidence", "region", *options}
    assert not set(shown.parameters) & {"options", "columns", "refused", "quoted", "among"}
    assert question == "practices" or {"as_of", "since", "until"} <= set(shown.parameters)
    assert all(f"``{name}``" in method.__doc__ for name in ("stated_only", "min_confidence"))
    assert not re.search(r"^(columns|refused|quoted|among) : ", method.__doc__, re.MULTILINE)


@pytest.mark.parametrize(
    ("method", "options"), [("show", {"height", "region", "audience"}), ("export", {"form", "bom", "language"})]
)
def test_help_shows_the_options_of_pictures_and_files(method: str, options: set[str]) -> None:
    shown = signature(getattr(OpenedGraph, method))
    assert set(shown.parameters) >= options and "options" not in shown.parameters


def test_a_shared_table_says_what_it_rests_on(graph: OpenedGraph) -> None:
    told = graph.shared(region="四川省", min_regions=1)
    asked = ComparedGraph.shared(graph, region="四川省", min_regions=1)
    assert told.notes == asked.notes and "only: within 四川省" in asked.notes
    assert told.figures == asked.figures and told.question == asked.question
    assert "rests on" in told.frame[["feature", "regions"]].head(2)._repr_html_()
    assert "only: within 四川省" in graph.similar("晨光学堂1号", region="四川省", top=1).notes


@pytest.mark.parametrize("question", [*ASKED, "practices", "show", "export", "matrix"])
def test_every_option_is_written_out_with_its_type_and_told(question: str) -> None:
    """So that a type checker sees a wrong one: what stands behind ``**`` are the limits, which have names, too."""
    method = getattr(OpenedGraph, question)
    written = signature(unwrap(method)).parameters.values()
    assert {one.annotation for one in written if one.kind is Parameter.VAR_KEYWORD} <= {"Unpack[Limited]"}
    assert not any("Any" in str(one.annotation) for one in written)
    silent = [
        name
        for name in signature(method).parameters
        if name != "self" and not re.search(rf"\b{name}\b", method.__doc__)
    ]
    assert silent == [] and "UsageError" in f"{method.__doc__} {Questions.__doc__}"


@pytest.mark.parametrize("question", ASKED)
def test_a_question_has_the_defaults_of_the_function_behind_it(question: str) -> None:
    def own(asked: Callable[..., Any]) -> dict[str, Any]:
        found = {name: one.default for name, one in signature(asked).parameters.items()}
        return {name: default for name, default in found.items() if name not in {*Limited.__annotations__, "self"}}

    shown, behind = own(getattr(Questions, question)), own(ASKED[question])
    assert behind.keys() - shown.keys() == {"columns"} | behind.keys() & {"refused", "quoted", "among"}
    assert shown | {"features": None} == {name: behind[name] for name in shown} | {"features": None}


@pytest.mark.parametrize("question", ASKED)
def test_help_names_the_columns_of_the_answer(graph: OpenedGraph, question: str) -> None:
    words = {"spread": ("夜校",), "contrast": ("四川省", "浙江省"), "similar": ("晨光学堂1号",)}.get(question, ())
    frame = (
        getattr(graph, question)(*words, top=1).frame if question in TOPPED else getattr(graph, question)(*words).frame
    )
    told = getattr(OpenedGraph, question).__doc__
    assert [name for name in frame if f"``{re.sub('_2$', '_1', name)}``" not in told] == []


def test_what_help_shows_is_taken(graph: OpenedGraph) -> None:
    for question, words in (("shared", ()), ("coverage", ("夜校",)), ("similar", ("晨光学堂1号",)), ("practices", ())):
        method = getattr(graph, question)
        defaults = {
            name: one.default
            for name, one in signature(method).parameters.items()
            if one.kind is Parameter.KEYWORD_ONLY
        }
        asked = [getattr(answer, "frame", answer) for answer in (method(*words, **defaults), method(*words))]
        assert asked[0].equals(asked[1])


def test_help_of_extract_describes_the_call() -> None:
    assert signature(kg.extract) == signature(verb)
    said = kg.extract.__doc__.partition("\n\n")
    assert said[0].startswith('``kg.extract("a.txt")`` gives the practice record of one article')
    parameters = signature(kg.extract).parameters
    options = ", ".join(f"{name}={one.default!r}" for name, one in parameters.items() if name != "article")
    assert f"``kg.extract(article, *, {options})``".replace("'", '"') in said[2]
    assert list(parameters) == ["article", "vocabulary", "gazetteer", "tokenizer", "tokenizer_model", "fast"]


@pytest.mark.parametrize("top", [-1, 0, 1.5, "3"])
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("shared", ()),
        ("matrix", ()),
        ("families", ()),
        ("outcomes", ()),
        ("contrast", ("四川省", "浙江省")),
        ("similar", ("晨光学堂1号",)),
    ],
)
def test_an_answer_has_one_row_at_least(graph: OpenedGraph, question: str, words: tuple[str, ...], top: Any) -> None:
    with pytest.raises(UsageError, match="top: at least 1, not"):
        getattr(graph, question)(*words, top=top)
    if question != "matrix":
        assert len(getattr(graph, question)(*words, top=np.int64(1))) <= 1
