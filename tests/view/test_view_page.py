"""The written page, as far as it can be judged without a browser (tests/browser has the rest)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from view_sample import generated, marked, realistic

from kg.view import html_page, practice_graph
from kg.view.picture.focus import focus
from kg.view.picture.layout import place_nodes


class Elements(HTMLParser):
    """Start tags with their attributes, and the text of scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.inline, self.inside = [], [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.inside = (tag, dict(attrs).get("type"), [])
            self.inline.append(self.inside)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.inside[2].append(data)


@pytest.fixture(scope="module")
def graph():
    return practice_graph(realistic())


@pytest.fixture(scope="module")
def page(graph):
    return html_page(graph)


def test_it_names_nothing_outside_itself(page):
    elements = Elements(page)
    for tag, attributes in elements.tags:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            assert attributes.get(name, "data:,") == "data:,", (tag, attributes)
    assert "@import" not in page and "sourceMappingURL" not in page
    assert not re.search(r"cdn|jsdelivr|unpkg|bootstrap", page, re.I)
    assert elements.tags[2] == ("meta", {"charset": "utf-8"})


def test_the_policy_allows_just_the_scripts_and_the_style_of_the_page(page):
    elements = Elements(page)
    policy = next(attrs["content"] for tag, attrs in elements.tags if attrs.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "*" not in policy

    def digest(parts):
        return "sha256-" + base64.b64encode(hashlib.sha256("".join(parts).encode()).digest()).decode()

    run = {digest(parts) for tag, kind, parts in elements.inline if kind != "application/json"}
    assert set(re.findall(r"sha256-[^']+", policy)) == run
    assert not [attrs for _, attrs in elements.tags for name in attrs if name.startswith("on") or name == "style"]


def test_markup_of_an_article_stays_inside_the_data():
    record, text = marked(
        "{region:<!--<script>街道}开设“{programme:</script><script>alert(1)</script>}”@@DATA@@。",
        file="a.txt",
        title="<script>alert(1)</script>",
        path=("某省", "某市", "<!--<script>街道"),
    )
    plain = html_page(practice_graph([(record, text)]), title="</title><script>alert(2)</script>")
    elements = Elements(plain)
    assert [kind for tag, kind, _ in elements.inline if tag == "script"] == ["application/json", None, None]
    data = json.loads("".join(next(parts for _, kind, parts in elements.inline if kind)))
    assert "</script><script>alert(1)</script>" in [thing["l"] for thing in data["things"]]
    assert any("@@DATA@@" in sentence for sentence in data["sentences"])


def test_both_languages_have_the_same_words(page):
    data = json.loads("".join(next(parts for _, kind, parts in Elements(page).inline if kind)))
    words = data["words"]
    assert set(words["zh"]) == set(words["en"])
    for key in words["zh"]:
        assert set(re.findall(r"\{\w\}", words["zh"][key])) == set(re.findall(r"\{\w\}", words["en"][key])), key
    used = set(re.findall(r'data-(?:word|label|placeholder)="(\w+)"', page)) | set(re.findall(r'word\("(\w+)"', page))
    assert used <= set(words["zh"])


def test_a_small_graph_is_drawn_whole(graph):
    assert focus(graph).left_out == ()
    assert len(focus(graph).nodes) == len(graph.nodes)


def test_what_is_left_out_follows_the_rules_in_their_order():
    graph = practice_graph(generated(200))
    whole = len(graph.nodes)
    previous = whole
    seen = []
    for limit in (whole - 1, whole // 2, whole // 3, whole // 8):
        part = focus(graph, limit)
        rules = [rule for rule, _ in part.left_out]
        assert rules[: len(seen)] == seen, "a stricter limit adds rules"
        seen = rules
        assert len(part.nodes) == whole - sum(count for _, count in part.left_out) <= previous
        previous = len(part.nodes)
        shown = {node.id for node in part.nodes}
        assert all(edge.source in shown and edge.target in shown for edge in part.edges)
    assert seen[0] == "outcomes" and seen[-1] == "plain_practices"
    assert previous <= whole // 8
    assert not [node for node in part.nodes if node.kind == "outcome"]


@pytest.mark.parametrize("limit", [1, 5, 9, 30])
def test_the_number_of_nodes_is_kept_wherever_one_practice_fits(limit):
    rich = "{region:清河街道}开设“{programme:大课堂}”，" + "".join(f"采取{{formats:方式{n}}}，" for n in range(20))
    poor = "{region:白鹤街道}开设“{programme:小课堂}”，采取{formats:方式1}、{formats:方式2}，"
    path = ("浙江省", "宁波市", "鄞州区")
    told = [
        marked(words, file=f"{number}{again}.txt", path=(*path, f"{street}{again}"))
        for number, (words, street) in enumerate([(rich, "清河街道"), (poor, "白鹤街道")])
        for again in range(3)
    ]
    part = focus(practice_graph(told), limit)
    practices = [node for node in part.nodes if node.kind == "practice"]
    assert practices
    # The smaller practice with its two formats and the county with what is above it.
    assert len(part.nodes) <= max(limit, 6)
    assert len(practices) == 1 or limit > 6


def test_practices_hang_on_the_next_region_that_is_drawn():
    graph = practice_graph(generated(200))
    part = focus(graph, 120)
    shown = {node.id: node for node in part.nodes}
    assert not [node for node in part.nodes if node.detail.get("level") == "township"]
    practices = {node.id for node in part.nodes if node.kind == "practice"}
    assert practices and practices == {edge.source for edge in part.edges if edge.relation == "region"}
    assert {shown[edge.target].kind for edge in part.edges if edge.relation == "region"} == {"region"}


def test_a_page_that_leaves_practices_out_still_counts_them():
    graph = practice_graph(generated(200))
    data = json.loads("".join(next(p for _, kind, p in Elements(html_page(graph, max_nodes=100)).inline if kind)))
    users = {}
    for practice in graph.practices:
        for statement in practice.statements:
            users.setdefault(statement.label, set()).add(practice.id)
    partly = [thing for thing in data["things"] if "u" in thing and thing["k"] == "format"]
    assert partly
    for thing in partly:
        assert thing["u"][0] == len(users[thing["l"]])


def test_layout_keeps_nodes_apart_and_neighbours_near():
    graph = practice_graph(realistic())
    ids = [node.id for node in graph.nodes]
    edges = [(edge.source, edge.target, 1.0) for edge in graph.edges]
    spots = place_nodes(ids, edges)
    assert spots == place_nodes(ids, edges)
    assert len(set(spots.values())) == len(ids)

    def distance(a, b):
        return ((spots[a][0] - spots[b][0]) ** 2 + (spots[a][1] - spots[b][1]) ** 2) ** 0.5

    closest = min(distance(a, b) for number, a in enumerate(ids) for b in ids[:number])
    assert closest >= 20
    joined = sum(distance(a, b) for a, b, _ in edges) / len(edges)
    anyhow = sum(distance(a, b) for a in ids[::5] for b in ids[::7]) / len(ids[::5]) / len(ids[::7])
    assert joined < 0.75 * anyhow


def test_only_provinces_are_counted_as_provinces():
    told = generated(200)
    record, text = told[0]
    places = tuple(region.model_copy(update={"path": (), "levels": ()}) for region in record.regions)
    told[0] = (record.model_copy(update={"regions": places}), text)
    graph = practice_graph(told)
    data = json.loads("".join(next(p for _, kind, p in Elements(html_page(graph, max_nodes=100)).inline if kind)))
    provinces = {item.id: item.path[0].name for item in graph.practices if item.path[0].level == "province"}
    assert len(provinces) == len(graph.practices) - len(record.practices)
    partly = [thing for thing in data["things"] if "u" in thing and thing["k"] == "format"]
    for thing in partly:
        users = {item.id for item in graph.practices for said in item.statements if said.label == thing["l"]}
        assert thing["u"][1] == len({provinces[key] for key in users if key in provinces})
    assert {thing["l"] for thing in data["things"] if thing.get("province")} <= set(provinces.values())


def test_what_hangs_on_nothing_lies_close_by():
    ids = [str(number) for number in range(460)]
    joined = [(str(number), str(number % 5 if number > 4 else number - 1), 6.0) for number in range(1, 400)]
    pairs = [(str(number), str(number + 1), 1.0) for number in range(400, 440, 2)]
    spots = place_nodes(ids, joined + pairs)

    def side(some):
        return max(max(spots[key][axis] for key in some) - min(spots[key][axis] for key in some) for axis in (0, 1))

    assert side(ids) < 1.3 * side(ids[:400])
    apart = [abs(complex(*spots[a]) - complex(*spots[b])) for n, a in enumerate(ids) for b in ids[:n]]
    assert min(apart) >= 20
    assert max(abs(complex(*spots[a]) - complex(*spots[b])) for a, b, _ in pairs) < 200
    assert len(place_nodes(ids[:5], [])) == 5
