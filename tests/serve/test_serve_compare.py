"""Comparison: every number of a matrix, a map or a timeline is what a search would count."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from kg.compare import ComparedGraph, open_graph
from kg.serve.comparing.matrix import Matrix, matrix
from kg.serve.comparing.sides import Sides, sides


def got(client: httpx.Client, path: str, **parameters: object) -> dict:
    answer = client.get(f"/api/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def total(client: httpx.Client, **filters: object) -> int:
    return got(client, "search", limit=0, **filters)["total"]


@pytest.mark.parametrize("kind", ["format", "audience", "topic"])
def test_each_cell_is_what_a_search_counts(client: httpx.Client, kind: str) -> None:
    found = got(client, "matrix", kind=kind, rows=4)
    for row, cells in zip(found["rows"], found["cells"], strict=True):
        for column, cell in list(zip(found["columns"], cells, strict=True))[:3]:
            assert total(client, **{kind: row["id"]}, region=column["id"]) == cell
        assert sum(cells) == row["practices"], "every practice of this store has one province"


@pytest.fixture(scope="module")
def graph(served_folder: Path) -> Iterator[ComparedGraph]:
    with open_graph(served_folder) as opened:
        yield opened


@pytest.mark.parametrize("limits", [{"stated_only": True}, {"min_confidence": 0.95}])
def test_numbers_are_those_of_the_command(
    client: httpx.Client, graph: ComparedGraph, limits: dict[str, object]
) -> None:
    """What is inferred or too unsure puts no practice into a region, as in ``kg query shared``."""
    shared = graph.shared(across="province", features=("format",), min_regions=1, min_articles=1, **limits).frame
    wanted = {row["feature"]: (row["regions"], row["practices"]) for row in shared.to_dict("records")}
    found = got(client, "matrix", **limits)
    rows = list(zip(found["rows"], found["regions"], found["cells"], strict=True))
    # The command lists a broader feature only where it says more than a narrower one.
    assert wanted.items() <= {row["label"]: (regions, row["practices"]) for row, regions, _ in rows}.items()
    assert bool(wanted) == bool(rows) == ("stated_only" in limits), "no place of this store is so sure"
    for row, regions, cells in rows[:3]:
        on_map = got(client, "map", kind="format", id=row["id"], **limits)["regions"]
        columns = [column["id"] for column in found["columns"]]
        assert {each["region"]["id"]: each["value"] for each in on_map if each["value"]} == {
            column: cell for column, cell in zip(columns, cells, strict=True) if cell
        }
        timeline = got(client, "timeline", kind="format", id=row["id"], **limits)
        assert len(timeline["appearances"]) + timeline["undated"] == regions
        for column, cell in zip(columns[:2], cells[:2], strict=True):
            assert total(client, format=row["id"], region=column, **limits) == cell


def test_a_smaller_matrix_says_what_it_leaves_out(client: httpx.Client) -> None:
    whole, part = got(client, "matrix"), got(client, "matrix", rows=2, columns=3)
    assert part["left_out"] == [len(whole["rows"]) - 2, len(whole["columns"]) - 3]
    assert part["cells"] == [row[:3] for row in whole["cells"][:2]]


def test_a_table_says_what_it_leaves_out(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(*asked: Any, **named: Any) -> Matrix:
        return matrix(*asked, **named | {"rows": 2, "columns": 3})

    whole = client.get("/api/matrix.csv")
    monkeypatch.setattr("kg.serve.routes.comparing.matrix", small)
    part = client.get("/api/matrix.csv")
    features = len(got(client, "search", limit=0, values=1000)["facets"]["format"]) - 2
    assert "left out" not in whole.text and "x-truncated" not in whole.headers
    line = part.content.decode("utf-8-sig").splitlines()[0]
    assert line == f"# Practices by format and province; {features} features and 2 regions are left out"
    assert part.headers["x-truncated"] == "true"


def test_two_regions(client: httpx.Client) -> None:
    one, other = got(client, "summary")["top"]["region"][:2]
    found = got(client, "sides", one=one["id"], other=other["id"])
    assert (found["one"]["practices"], found["other"]["practices"]) == (one["practices"], other["practices"])
    for each in found["features"][:6]:
        for side, region in (("one", one), ("other", other)):
            assert each[side] == total(client, **{each["kind"]: each["feature"]["id"]}, region=region["id"])
    assert client.get("/api/sides", params={"one": one["id"], "other": "region/none"}).status_code == 400


def test_the_table_of_two_regions_holds_all(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = got(client, "summary")["top"]["region"][:2]
    asked: list[object] = []

    def noted(*parts: Any, top: int | None, **named: Any) -> Sides:
        asked.append(top)
        return sides(*parts, top=top, **named)

    monkeypatch.setattr("kg.serve.routes.comparing.sides", noted)
    rows = client.get("/api/sides.csv", params={"one": one["id"], "other": other["id"]}).text.splitlines()[4:]
    assert asked == [None] and len(rows) > 3
    assert len(rows) > len(got(client, "sides", one=one["id"], other=other["id"], top=1)["features"]) == 3


def test_two_practices(client: httpx.Client) -> None:
    ids = [got(client, "search", q=f"晨光学堂{n}号")["cards"][0]["id"] for n in (0, 6)]
    found = got(client, "pair", one=ids[0], other=ids[1])
    shared = {each["label"] for each in found["both"]["format"]}
    alone = {each["label"] for each in found["only_one"]["format"] + found["only_other"]["format"]}
    assert {"夜校", "集中授课"} <= shared and not shared & alone
    assert [each["label"] for each in found["only_one"]["audience"]] == ["网格员"]


def test_first_appearances_are_ordered_and_dated(client: httpx.Client) -> None:
    found = got(client, "timeline")
    days = [each["first_day"] for each in found["appearances"]]
    assert len(days) == 5 and days == sorted(days)
    assert all(each["stated"] for each in found["appearances"])  # 2024年3月
    assert sum(found["years"].values()) == 24


def test_what_is_only_announced_has_not_appeared(client: httpx.Client) -> None:
    found = got(client, "timeline", status="planned")
    assert (found["appearances"], found["undated"]) == ([], 5)


def test_each_view_has_the_words_that_it_says() -> None:
    folder = resources.files("kg.serve").joinpath("page")
    text = {each.name: each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".js")}
    own = {name: set(re.findall(r'^  (\w+): \["', script, re.MULTILINE)) for name, script in text.items()}
    for name, script in text.items():
        imported = re.findall(r'from "\./([a-z]+\.js)"', script)
        known = set().union(own["words.js"], own[name], *(own[each] for each in imported))
        assert set(re.findall(r'\bt\("(\w+)"', script)) <= known, name


def test_map_counts_practices_of_each_province(client: httpx.Client) -> None:
    night = next(v for v in got(client, "search", limit=0)["facets"]["format"] if v["label"] == "夜校")
    found = got(client, "map", kind="format", id=night["id"])
    assert sum(each["value"] for each in found["regions"]) == night["practices"]
    assert sum(each["whole"] for each in found["regions"]) == 24
    assert found["about"]["label"] == "夜校"


@pytest.mark.parametrize("path", ["map", "timeline"])
def test_a_feature_is_found_without_its_kind(client: httpx.Client, path: str) -> None:
    night = next(v for v in got(client, "search", limit=0)["facets"]["format"] if v["label"] == "夜校")
    assert got(client, path, id=night["id"]) == got(client, path, kind="format", id=night["id"]) != got(client, path)
    for ending in ("", ".csv"):
        answer = client.get(f"/api/{path}{ending}", params={"id": "concept/none"})
        assert answer.status_code == 400 and answer.json()["where"] == "concept/none"


@pytest.mark.parametrize("path", ["matrix.csv", "timeline.csv", "map.csv"])
def test_tables(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/api/{path}")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[1] == f"# query: /api/{path}"
    rows = list(csv.DictReader(io.StringIO("\n".join(lines[3:]))))
    assert len(rows) >= 5 and None not in rows[0]
