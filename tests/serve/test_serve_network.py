"""The graph in parts and whole: nodes that exist, edges between them, places that do not move."""

from __future__ import annotations

import httpx
import pytest


def got(client: httpx.Client, path: str, **parameters: object) -> dict:
    answer = client.get(f"/api/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_overview_joins_provinces_and_what_they_share(client: httpx.Client) -> None:
    found = got(client, "overview")
    kinds = {node["id"]: node["kind"] for node in found["nodes"]}
    assert list(kinds.values()).count("region") == 5
    for link in found["links"]:
        assert kinds[link["source"]] == "region" and kinds[link["target"]] in ("format", "audience", "topic")


def test_neighbourhood_of_a_practice_a_concept_and_a_region(client: httpx.Client) -> None:
    practice = got(client, "search", q="晨光学堂6号")["cards"][0]["id"]
    around = got(client, "neighbourhood", id=practice)
    labels = {node["label"]: node for node in around["nodes"]}
    assert {"夜校", "集中授课", "镇综治中心", "四川省", "灯下一课6"} <= set(labels)
    assert {link["relation"] for link in around["links"]} >= {"formats", "part_of", "region", "within"}
    ids = {node["id"] for node in around["nodes"]}
    assert all(link["source"] in ids and link["target"] in ids for link in around["links"])
    of_format = got(client, "neighbourhood", id=labels["夜校"]["id"])
    assert {"晨光学堂0号", "晨光学堂6号", "授课"} <= {node["label"] for node in of_format["nodes"]}
    of_place = got(client, "neighbourhood", id=labels["四川省"]["id"])
    assert "绵阳市" in {node["label"] for node in of_place["nodes"]}
    few = got(client, "neighbourhood", id=practice, limit=3)
    assert len(few["nodes"]) == 4 and few["more"] == len(around["nodes"]) - 4
    assert client.get("/api/neighbourhood", params={"id": "vocab/none"}).status_code == 400


def test_the_whole_is_columns_of_one_length_and_always_the_same(client: httpx.Client) -> None:
    found = got(client, "network")
    size = len(found["ids"])
    assert all(len(found[name]) == size for name in ("labels", "kinds", "sizes", "x", "y"))
    assert max(found["ends"]) < size and len(found["ends"]) % 2 == 0
    assert found["practices"] == 24 and found["left_out"] == 0
    assert len(set(found["ids"])) == size
    assert got(client, "network") == found
    less = got(client, "network", limit=20)
    assert len(less["ids"]) < size and less["left_out"] == 24 - less["practices"] > 0


def test_the_whole_counts_as_search_does_and_has_what_is_broader(client: httpx.Client) -> None:
    found = got(client, "network")
    at = {name: place for place, name in enumerate(found["ids"])}
    kinds = [found["kind_names"][kind] for kind in found["kinds"]]
    for kind in ("region", "format", "audience", "topic"):
        for value in got(client, "search", limit=0, values=1000)["facets"][kind]:
            if value["id"] in at and kinds[at[value["id"]]] == kind:
                assert found["sizes"][at[value["id"]]] == value["practices"], value
    ends = [found["labels"][end] for end in found["ends"]]
    assert ("夜校", "授课") in set(zip(ends[::2], ends[1::2], strict=True)), (
        "a narrower feature hangs on the broader one"
    )
    direct = {one for one, other in zip(ends[::2], ends[1::2], strict=True) if other == "授课"}
    assert direct == {"夜校", "流动宣讲"}, "its practices hang on the narrower ones"


def test_the_whole_of_practices_without_a_place(client: httpx.Client) -> None:
    found = got(client, "network", q="晨光学堂0号", stated_only=True)  # where it is was inferred
    assert found["practices"] == 2 and "region" not in {found["kind_names"][kind] for kind in found["kinds"]}
    assert got(client, "network", q="没有的词")["ids"] == []


def test_an_organisation_has_the_number_of_its_practices(client: httpx.Client) -> None:
    counts = {}
    for number in range(5):
        practice = got(client, "search", q=f"晨光学堂{number}号")["cards"][0]["id"]
        nodes = got(client, "neighbourhood", id=practice, limit=100)["nodes"]
        counts |= {node["id"]: node["practices"] for node in nodes if node["kind"] == "organisation"}
    # An organisation is told apart by its place: two of the five places have three articles, the others two.
    assert sorted(counts.values()) == sorted(2 * [3, 3, 2, 2, 2])


def test_what_the_editor_needs(client: httpx.Client) -> None:
    terms = {term["name"] for term in got(client, "vocabulary")["terms"]}
    assert {"gp:Practice", "gp:format", "gp:within", "skos:prefLabel"} <= terms
    for example in got(client, "catalogue"):
        answer = client.get("/sparql", params={"query": example["text"]})
        assert answer.status_code == 200, (example["name"], answer.text)


def test_an_answer_as_a_table(client: httpx.Client) -> None:
    query = 'SELECT ("=1+1" AS ?a) ("+x" AS ?b) (2 AS ?c) {}'
    lines = client.get("/sparql.csv", params={"query": query}).content.decode("utf-8-sig").splitlines()
    assert lines[3:] == ['"a","b","c"', '"\'=1+1","\'+x","2"']


def test_a_table_that_was_cut_off_says_so(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.serve.routes.sparql.MOST_ROWS", 2)
    monkeypatch.setattr("kg.serve.routes.tables.MOST_ROWS", 2)
    query = "SELECT ?p { ?p a gp:Practice }"
    for path, asked, cut in (
        ("/sparql.csv", {"query": query}, True),
        ("/sparql.csv", {"query": f"{query} LIMIT 2"}, False),
        ("/api/search.csv", {"q": "学堂"}, True),
        ("/api/search.csv", {"q": "晨光学堂5号"}, False),
    ):
        answer = client.get(path, params=asked)
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert (answer.headers.get("x-truncated") == "true") is cut
        assert lines[0].endswith("; cut off after 2 rows: ask for less") is cut
        assert len(lines) == 6 or not cut


def test_families_are_drawn_with_what_they_share(client: httpx.Client) -> None:
    answer = client.get("/api/families").json()
    assert answer and answer[0]["members"] == len(answer[0]["ids"]) >= 3
    picture = got(client, "family", number=0)
    kinds = {node["id"]: node["kind"] for node in picture["nodes"]}
    assert {one for one, kind in kinds.items() if kind == "practice"} == set(answer[0]["ids"])
    assert picture["links"] and all(kinds[link["source"]] == "practice" for link in picture["links"])
    assert client.get("/api/family", params={"number": 999}).status_code == 400
