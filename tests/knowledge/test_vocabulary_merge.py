"""A researcher's own Turtle file: what it adds, and how its mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.graph.rdf.fixed import scheme_graphs
from kg.graph.rdf.ntriples import parsed
from kg.graph.rdf.shapes import Shapes
from kg.graph.rdf.terms import PREFIXES, Terms
from kg.knowledge.vocabulary import Vocabulary
from kg.model.iri import BASE

HEAD = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix audience: <https://practice-graph.example/vocab/audience/> .
@prefix scheme: <https://practice-graph.example/vocab/> .
@prefix my: <https://example.org/my/> .
"""


def written(folder: Path, body: str) -> Path:
    path = folder / "own.ttl"
    path.write_text(HEAD + body, encoding="utf-8")
    return path


def test_own_concepts_labels_and_hierarchy(tmp_path: Path) -> None:
    merged = Vocabulary.load(
        written(
            tmp_path,
            """
my:tea-pickers a skos:Concept ; skos:prefLabel "采茶工"@zh, "Tea pickers"@en ; skos:broader audience:farmers .
my:tea-masters a skos:Concept ; skos:prefLabel "制茶师傅"@zh-Hans ; skos:broader my:tea-pickers .
my:walks a skos:Concept ; skos:prefLabel "夜间漫步"@zh ; skos:inScheme scheme:activity .
audience:grid-workers skos:altLabel "格长"@zh .
""",
        )
    )
    labels = merged.labels("audience")
    assert labels["采茶工"].pref_en == "Tea pickers"
    assert [merged[iri].pref_zh for iri in merged.ancestors(labels["制茶师傅"].iri)] == ["采茶工", "农民"]
    assert labels["格长"].pref_zh == "网格员"
    assert merged.labels("activity")["夜间漫步"].iri == "https://example.org/my/walks"
    assert "采茶工" not in Vocabulary.load().labels("audience")


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ('my:a a skos:Concept ; skos:prefLabel "甲"@zh', 5, "no valid Turtle"),
        ('\nmy:a a skos:Concept ; skos:prefLabel "甲"@zh .', 6, "none of the schemes"),
        (
            '\nmy:a a skos:Concept ; skos:prefLabel "筏"@zh ; skos:inScheme scheme:unit .',
            6,
            "the scheme unit is read by our own labels alone",
        ),
        (
            "<https://practice-graph.example/vocab/organiser/community>\n skos:altLabel '工友会'@zh .",
            5,
            "the schemes that can be added to are activity, mode, recurrence, audience, topic",
        ),
        ('my:a a skos:Concept ; skos:prefLabel "A"@en ; skos:broader audience:farmers .', 5, "no Chinese label"),
        (
            'my:a a skos:Concept ; skos:prefLabel "甲类"@zh ;\n skos:inScheme scheme:topic ; skos:broader my:b .',
            6,
            "no known",
        ),
        (
            'my:a a skos:Concept ; skos:prefLabel "甲类"@zh ;\n skos:broader audience:farmer .',
            6,
            "skos:broader leads to no known concept: <https://practice-graph.example/vocab/audience/farmer>",
        ),
        (
            'my:a a skos:Concept ; skos:prefLabel "甲类"@zh ; skos:broader my:b .\n'
            'my:b a skos:Concept ; skos:prefLabel "乙类"@zh ; skos:broader audience:farmer .',
            6,
            "audience/farmer> (concept <https://example.org/my/b>)",
        ),
        (
            'my:a a skos:Concept ; skos:prefLabel "甲类"@zh ; skos:broader audience:farmers ,\n'
            " <https://practice-graph.example/vocab/topic/law> .",
            6,
            "belongs to the scheme audience, and skos:broader leads to topic",
        ),
        (
            "audience:farmers skos:broader <https://practice-graph.example/vocab/topic/farming> .",
            5,
            "belongs to the scheme audience, and skos:broader leads to topic",
        ),
        ('\n\nmy:a a skos:Concept ; skos:prefLabel "网格员"@zh ; skos:inScheme scheme:audience .', 7, "already stands"),
        ("audience:farmers skos:broader audience:livestock-farmers .", 5, "back to the concept"),
        ('\naudience:grid-worker skos:altLabel "格长"@zh .', 6, "none of our concepts has this IRI"),
        ('\nmy:a skos:prefLabel "采茶工"@zh ; skos:broader audience:farmers .', 6, "not declared as a concept"),
        ('audience:farmers skos:altLabel "田把式"@zh .\nmy:a skos:prefLabel "采茶工"@zh .', 6, "not declared"),
        (
            "\naudience:farmers\n skos:narrower my:a .",
            7,
            "not declared as a concept (concept <https://example.org/my/a>)",
        ),
        ('audience:grid-workers\n skos:prefLabel "网格长"@zh .', 6, "is called '网格员', and that cannot be changed"),
        ('audience:grid-workers\n skos:prefLabel "Grid staff"@en .', 6, "that cannot be changed to 'Grid staff'"),
        (
            'audience:grid-workers skos:prefLabel "网格员"@zh ,\n "网格长"@zh .',
            6,
            "labels in one language (zh): '网格员' and",
        ),
        ('\n[] a skos:Concept ; skos:prefLabel "采茶工"@zh ; skos:broader audience:farmers .', 6, "without IRI"),
        ('audience:farmers skos:narrower [\n skos:prefLabel "采茶工"@zh ] .', 6, "is not declared as a concept"),
        (
            'my:a a skos:Concept ; skos:broader audience:farmers ; skos:prefLabel "采茶工"@zh ,\n "采茶人"@zh .',
            6,
            "two preferred labels in one language (zh): '采茶工' and '采茶人'",
        ),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, body: str, line: int, words: str) -> None:
    path = written(tmp_path, body)
    with pytest.raises(UsageError) as caught:
        Vocabulary.load(path)
    assert words in str(caught.value)
    assert f"{path}, line {line}:" in str(caught.value)


@pytest.mark.parametrize(
    ("labels", "name", "alt"),
    [
        ('"采茶員"@zh-Hant, "采茶员"@zh-Hans', "采茶员", ()),
        ('"采茶员"@zh-Hans, "採茶師傅"@zh-Hant', "采茶员", ("采茶师傅",)),
        ('"采茶人"@zh-CN, "采茶员"@zh-Hans, "采茶工"@zh', "采茶工", ("采茶人", "采茶员")),
        ('"采茶人"@zh-CN, "采茶员"@zh-Hans-SG', "采茶员", ("采茶人",)),
        ('"採茶員"@zh-TW', "采茶员", ()),
        ('"採茶員"@zh-HK, "Tea pickers"@en-GB, "Tea hands"@en', "采茶员", ()),
    ],
)
def test_labels_of_all_scripts_are_kept_and_match(tmp_path: Path, labels: str, name: str, alt: tuple[str, ...]) -> None:
    body = f'my:a a skos:Concept ; skos:prefLabel {labels} ; skos:altLabel "製茶農"@zh-Hant ; skos:broader audience:farmers .'
    merged = Vocabulary.load(written(tmp_path, body))
    concept = merged["https://example.org/my/a"]
    assert (concept.pref_zh, concept.alt) == (name, tuple(sorted({*alt, "制茶农"})))
    assert concept.pref_en == ("Tea hands" if "@en" in labels else name)
    for label in (name, *alt, "制茶农"):
        (match,) = merged.find(f"请{label}来", ("audience",))
        assert match.concept == concept


def test_two_own_concepts_may_not_share_a_label(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'my:a a skos:Concept ; skos:prefLabel "甲组"@zh ; skos:inScheme scheme:audience .\n'
        'my:b a skos:Concept ; skos:prefLabel "乙组"@zh ; skos:altLabel "甲组"@zh ; skos:inScheme scheme:audience .\n',
    )
    with pytest.raises(UsageError, match="already stands"):
        Vocabulary.load(path)


NAMESPACE = "http://www.w3.org/2004/02/skos/core#"


@pytest.mark.parametrize(
    "nearly",
    [
        "https://www.w3.org/2004/02/skos/core#",
        "http://w3.org/2004/02/skos/core#",
        "http://www.w3.org/2004/02/skos/core/",
        "http://www.w3.org/2004/02/skos/core",
        "http://www.w3.org/2004/02/skos#",
    ],
)
def test_a_namespace_that_is_nearly_that_of_skos_is_told(tmp_path: Path, nearly: str) -> None:
    path = tmp_path / "own.ttl"
    body = 'audience:grid-workers skos:altLabel "格长"@zh .\n'
    path.write_text("\n" + HEAD.replace(NAMESPACE, nearly) + body, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Vocabulary.load(path)
    assert str(caught.value) == f"{path}, line 2: this is not the namespace of SKOS: <{nearly}>; write <{NAMESPACE}>"


def test_other_vocabularies_beside_skos_are_let_be(tmp_path: Path) -> None:
    body = 'audience:grid-workers skos:altLabel "格长"@zh ; <http://www.w3.org/2008/05/skos-xl#altLabel> my:label .'
    assert "格长" in Vocabulary.load(written(tmp_path, body)).labels("audience")


def test_formats_of_two_schemes_may_stand_below_each_other(tmp_path: Path) -> None:
    body = 'my:a a skos:Concept ; skos:prefLabel "云上筏讲"@zh ; skos:broader format:lecture , format:online .'
    path = written(tmp_path, "@prefix format: <https://practice-graph.example/vocab/format/> .\n" + body)
    assert Vocabulary.load(path).labels("activity")["云上筏讲"].broader[1].endswith("format/online")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "# nothing yet",
        '<https://practice-graph.example/vocab/audience/farmers> <http://own.example/label> "田把式"@zh .',
        'my:s a skos:ConceptScheme ; skos:prefLabel "自己的"@zh .',
    ],
)
def test_a_file_without_concepts_is_told(tmp_path: Path, body: str) -> None:
    path = written(tmp_path, body)
    with pytest.raises(UsageError) as caught:
        Vocabulary.load(path)
    assert str(caught.value).startswith(f"{path}: the vocabulary says nothing of any concept; for one: my:tea-pickers")


def test_what_is_said_beside_the_concepts_is_let_be(tmp_path: Path) -> None:
    """Schemes and authors described in the same file, our own labels repeated, labels of a third language."""
    body = """
my:s a skos:ConceptScheme ; skos:prefLabel "自己的"@zh ; <http://purl.org/dc/terms/creator> [ skos:note "我"@zh ] .
scheme:audience skos:hasTopConcept my:a .
audience:grid-workers a skos:Concept ; skos:prefLabel "网格员"@zh , "網格員們"@zh-Hant , "Agents de quartier"@fr ;
    skos:altLabel "格长"@zh .
my:a a skos:Concept ; skos:prefLabel "采茶工"@zh , "采茶工"@zh ; skos:inScheme scheme:audience .
"""
    assert {"采茶工", "格长", "网格员们"} <= set(Vocabulary.load(written(tmp_path, body)).labels("audience"))


@pytest.mark.parametrize("end", ["\u2028", "\x85"])
def test_a_line_separator_in_a_note_leaves_the_statement_whole(tmp_path: Path, end: str) -> None:
    """What pasting from a text processor or a web page brings along."""
    body = f'my:tea a skos:Concept ; skos:prefLabel "采茶工"@zh-Hans ; skos:note "One{end}two" ; skos:broader audience:farmers .'
    text = scheme_graphs([written(tmp_path, body)], Terms(BASE), Shapes())
    (own,) = [graph for name, graph in text.items() if "/graph/vocabulary/" in name and "example.org/my" in graph]
    told = {str(each.predicate): each.object.value for each in parsed(own)}
    assert told[f"<{PREFIXES['skos']}note>"] == f"One{end}two"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.ttl.*cannot be read"):
        Vocabulary.load(tmp_path / "nowhere.ttl")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path, line_end: str) -> None:
    path = tmp_path / "own.ttl"
    body = 'my:a a skos:Concept ; skos:prefLabel "采茶工"@zh ; skos:broader audience:farmers .\n'
    path.write_bytes((HEAD + body).replace("\n", line_end).encode("utf-8-sig"))
    assert "采茶工" in Vocabulary.load(path).labels("audience")
    # The graph of the file reads it, too, and is the same as without.
    marked = scheme_graphs([path], Terms(BASE), Shapes())
    path.write_bytes((HEAD + body).encode("utf-8"))
    assert scheme_graphs([path], Terms(BASE), Shapes()) == marked


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_another_encoding_is_told_with_the_remedy(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "own.ttl"
    path.write_bytes((HEAD + 'my:a a skos:Concept ; skos:prefLabel "采茶工"@zh .\n').encode(encoding))
    line = 5 if encoding == "gb18030" else 1
    for read in (lambda: Vocabulary.load(path), lambda: scheme_graphs([path], Terms(BASE), Shapes())):
        with pytest.raises(UsageError) as caught:
            read()
        assert str(caught.value) == f"{path}, line {line}: the vocabulary is not UTF-8; save it as UTF-8"


def test_a_chain_of_any_length_leads_to_its_scheme(tmp_path: Path) -> None:
    above = [*(f"my:c{number}" for number in range(1, 1500)), "audience:farmers"]
    body = "".join(
        f'my:c{number} a skos:Concept ; skos:prefLabel "第{number}种人"@zh ; skos:broader {up} .\n'
        for number, up in enumerate(above)
    )
    merged = Vocabulary.load(written(tmp_path, body))
    lowest = merged.labels("audience")["第0种人"]
    assert len(merged.ancestors(lowest.iri)) == len(above)
