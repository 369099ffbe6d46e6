"""What the API answers: search with its counts, a practice with its sentences, an article with its spans."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import httpx
import pytest

from kg.compare import open_graph


def got(client: httpx.Client, path: str, **parameters: object) -> dict:
    answer = client.get(f"/api/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def practice_id(client: httpx.Client, label: str) -> str:
    return next(card["id"] for card in got(client, "search", q=label)["cards"] if card["label"] == label)


def test_summary_counts_witnesses_not_reposts(client: httpx.Client) -> None:
    found = got(client, "summary")
    assert (found["practices"], found["articles"], found["reposts"], found["provinces"]) == (24, 14, 1, 5)
    assert found["top"]["region"][0]["level"] == "province"
    assert not found["stale"]


def test_search_finds_names_places_concepts_and_text(client: httpx.Client) -> None:
    assert got(client, "search", q="晨光学堂7号")["cards"][0]["label"] == "晨光学堂7号"
    assert got(client, "search", q="甘肃")["total"] == 4  # articles 2 and 7, two practices each
    by_concept = got(client, "search", q="圆桌议事")
    assert by_concept["total"] >= 2
    by_text = got(client, "search", q="105余人")
    assert [card["label"] for card in by_text["cards"]] == ["晨光学堂5号"]
    sentence = by_text["cards"][0]["sentence"]
    assert sentence["text"][sentence["start"] : sentence["end"]] == "105余人"
    assert got(client, "search", q="没有的词")["total"] == 0


def test_places_are_found_as_the_page_writes_them(client: httpx.Client) -> None:
    assert got(client, "search", q="湖州市安吉县")["total"] == got(client, "search", q="安吉县")["total"] == 6
    told = got(client, "search", q="四川")["suggestions"]
    assert [each["path"] for each in told if each["kind"] == "region"] == [["四川省"]]


def test_all_words_must_fit(client: httpx.Client) -> None:
    both = got(client, "search", q="甘肃 灯下一课")["total"]
    many = "晨光 光学 学堂 堂5 5号 晨光学 光学堂 学堂5"
    assert got(client, "search", q=many)["total"] > 0
    assert got(client, "search", q=f"{many} 没有的词")["total"] == 0
    assert both == 2 and both < got(client, "search", q="灯下一课")["total"]


def test_facets_count_what_each_choice_would_give(client: httpx.Client) -> None:
    everything = got(client, "search", limit=0)
    for kind in ("region", "format", "audience", "topic"):
        for value in everything["facets"][kind][:6]:
            assert got(client, "search", **{kind: value["id"]}, limit=0)["total"] == value["practices"], value
    assert everything["planned"] == got(client, "search", status="planned")["total"] > 0
    for year, count in everything["years"].items():
        assert got(client, "search", since=year, until=year)["total"] == count


def test_a_kind_is_not_narrowed_by_its_own_filter(client: httpx.Client) -> None:
    everything = got(client, "search", limit=0)["facets"]["audience"]
    chosen = got(client, "search", audience=everything[0]["id"], limit=0)["facets"]["audience"]
    assert {v["id"]: v["practices"] for v in chosen} == {v["id"]: v["practices"] for v in everything}


def test_a_broader_concept_finds_what_has_a_narrower_one(client: httpx.Client) -> None:
    formats = {v["label"]: v for v in got(client, "search", limit=0)["facets"]["format"]}
    assert formats["授课"]["practices"] > formats["夜校"]["practices"] > 0


def test_confidence_and_stated_only_narrow(client: httpx.Client) -> None:
    region = got(client, "search", limit=0)["facets"]["region"][0]
    everything = got(client, "search", region=region["id"])["total"]
    stated = got(client, "search", region=region["id"], stated_only=True)["total"]
    sure = got(client, "search", region=region["id"], min_confidence=0.95)["total"]
    assert stated < everything and sure < everything


@pytest.mark.parametrize("limits", [{"stated_only": True}, {"min_confidence": 0.85}])
def test_what_the_limits_leave_out_is_not_shown(
    client: httpx.Client, served_folder: Path, limits: dict[str, object]
) -> None:
    """Cards and table have of each practice what ``kg query practices`` has of it."""
    with open_graph(served_folder) as graph:
        rows = graph.practices(**limits).to_dict("records")
    wanted = {row["practice"]: (row["region"].replace("/", ""), set(row["format"])) for row in rows}
    lines = client.get("/api/search.csv", params=limits).content.decode("utf-8-sig").splitlines()[3:]
    table = list(csv.DictReader(lines))
    assert {row["practice"]: (row["place"], set(filter(None, row["formats"].split("；")))) for row in table} == wanted
    cards = got(client, "search", limit=100, **limits)["cards"]
    told = {card["id"]: ("".join(card["place"]), {each["label"] for each in card["formats"]}) for card in cards}
    assert told == {iri.split("example/")[1]: value for iri, value in wanted.items()}
    assert any(not value for place_and_formats in wanted.values() for value in place_and_formats)


def test_pages_do_not_overlap_and_reach_the_end(client: httpx.Client) -> None:
    seen = [card["id"] for at in range(0, 24, 7) for card in got(client, "search", offset=at, limit=7)["cards"]]
    assert len(seen) == len(set(seen)) == 24


@pytest.mark.parametrize("sort", ["relevance", "name", "place", "newest", "oldest"])
def test_every_order_is_an_order(client: httpx.Client, sort: str) -> None:
    cards = got(client, "search", sort=sort, limit=100)["cards"]
    days = [card["first_day"] for card in cards]
    assert len(cards) == 24
    if sort == "oldest":
        assert days == sorted(days)
    if sort == "name":
        assert [c["label"] for c in cards] == sorted(c["label"] for c in cards)


def test_practice_shows_every_value_in_its_sentence(client: httpx.Client) -> None:
    page = got(client, "practice", id=practice_id(client, "晨光学堂5号"))
    assert [step["name"] for step in page["path"]] == ["浙江省", "湖州市", "安吉县", "递铺街道"]
    slots = {value["slot"] for value in page["values"]}
    assert slots >= {"programme", "region", "formats", "audiences", "outcomes", "dates", "partners", "channels"}
    article = got(client, "article", file="005.txt")
    for value in page["values"]:
        for proof in value["evidence"]:
            words = proof["sentence"][proof["sentence_start"] : proof["sentence_end"]]
            assert words == value["text"]
            assert article["text"][proof["start"] : proof["end"]] == words
    assert [part["label"] for part in page["parts"]] == ["灯下一课5"]
    part = got(client, "practice", id=page["parts"][0]["id"])
    assert part["part_of"]["id"] == page["id"]
    assert "晨光县融媒体中心" in page["cite"]


def test_what_sources_disagree_on_is_told(client: httpx.Client) -> None:
    page = got(client, "practice", id=practice_id(client, "晨光学堂4号"))
    (found,) = page["disagreements"]
    assert found["slot"] == "outcomes" and found["between_articles"]
    assert sorted(page["values"][n]["detail"]["value"] for n in found["values"]) == [104.0, 999.0]
    assert got(client, "practice", id=practice_id(client, "晨光学堂5号"))["disagreements"] == []


def test_a_repost_is_named_beside_its_original(client: httpx.Client) -> None:
    page = got(client, "practice", id=practice_id(client, "晨光学堂3号"))
    assert {a["file"]: a["repost_of"] for a in page["articles"]} == {"003.txt": None, "repost.txt": "003.txt"}
    assert page["values"][0]["evidence"][0]["also"] == ["repost.txt"]


def test_what_only_a_repost_tells_of_has_no_page_and_no_link(client: httpx.Client) -> None:
    told = got(client, "article", file="repost.txt")["practices"]
    assert [(each["label"], each["only_here"]) for each in told] == [("晨光学堂3号", False), ("灯下一课3", True)]
    answer = client.get("/api/practice", params={"id": told[1]["id"]})
    assert (answer.status_code, answer.json()["what"]) == (400, "only a repost tells of it")
    parts = got(client, "practice", id=told[0]["id"])["parts"]
    assert [got(client, "practice", id=part["id"])["label"] for part in parts] == ["灯下一课3"]


def test_nearest_practices_say_what_they_share(client: httpx.Client) -> None:
    likes = got(client, "similar", id=practice_id(client, "晨光学堂5号"))
    assert likes and all(like["shared"] for like in likes)
    assert [like["similarity"] for like in likes] == sorted((like["similarity"] for like in likes), reverse=True)
    assert all(not like["place"].startswith("浙江省") for like in likes)


def test_full_iris_are_taken_for_ids(client: httpx.Client) -> None:
    page = got(client, "practice", id=practice_id(client, "晨光学堂5号"))
    assert got(client, "practice", id=page["iri"]) == page


def test_article_marks_hold_their_words(client: httpx.Client) -> None:
    article = got(client, "article", file="006.txt")
    assert [p["label"] for p in article["practices"]] == ["晨光学堂6号", "灯下一课6"]
    figure = next(mark for mark in article["marks"] if mark["slot"] == "outcomes")
    assert article["text"][figure["start"] : figure["end"]] == "累计106余人次参加"
    assert figure["label"] == ">106 人次 · 参加"
    assert not article["original"]
    gone = client.get("/api/original", params={"file": "006.txt"})
    assert gone.status_code == 400 and "not where it was read" in gone.json()["what"]


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("practice", {"id": "practice/none"}),
        ("similar", {"id": "practice/none"}),
        ("article", {"file": "../../etc/passwd"}),
        ("original", {"file": "none.txt"}),
        ("search", {"region": "region/none"}),
    ],
)
def test_what_does_not_exist_is_told_as_such(client: httpx.Client, path: str, parameters: dict[str, str]) -> None:
    answer = client.get(f"/api/{path}", params=parameters)
    assert answer.status_code == 400
    assert answer.json()["what"] and answer.json()["remedy"]


def test_tables_come_with_caption_query_and_source(client: httpx.Client) -> None:
    for path, parameters in (
        ("search.csv", {"q": "甘肃"}),
        ("practice.csv", {"id": practice_id(client, "晨光学堂5号")}),
    ):
        answer = client.get(f"/api/{path}", params=parameters)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert [line.startswith("# ") for line in lines[:4]] == [True, True, True, False]
        assert f"query: /api/{path}?" in lines[1] and "practice-graph" in lines[2]
        rows = list(csv.DictReader(io.StringIO("\n".join(lines[3:]))))
        assert rows and None not in rows[0]


def test_the_documentation_of_the_api_names_every_answer(client: httpx.Client) -> None:
    told = client.get("/openapi.json").json()
    assert {"/api/search", "/api/practice", "/sparql"} <= set(told["paths"])
    for path, methods in told["paths"].items():
        for method, said in methods.items():
            assert said.get("description"), (method, path)
    assert "cdn" not in json.dumps(told).lower()
    assert client.get("/docs").status_code == 404
