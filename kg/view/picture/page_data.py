"""What the page needs to know, as plain JSON values with numbers in place of names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kg.view.graph import Evidence, Node, PracticeGraph, PracticeView, Statement
from kg.view.picture.focus import COUNTY_DEPTH, Focus

__all__ = ["Page", "page_data"]

LOCAL = ("organisation", "outcome")
"""Kinds whose nodes are told apart by where they are: the 司法局 of two counties are two (``kg.graph.rdf.values``)."""


@dataclass
class Page:
    """``plain`` is the JSON value; ``number`` leads from a node's id to its number in it."""

    plain: dict[str, Any]
    number: dict[str, int]


def page_data(graph: PracticeGraph, part: Focus) -> Page:
    """Things (drawn nodes first, then those that only the panel names), practices, articles and sentences."""
    drawn = [node.id for node in part.nodes]
    shown = set(drawn)
    practices = [item for item in graph.practices if item.id in shown]
    number = {key: index for index, key in enumerate(drawn)}
    for practice in practices:
        for key in [*(step.node for step in practice.path), *(item.node for item in practice.statements)]:
            if key is not None:
                number.setdefault(key, len(number))
    tables = _Tables(graph, number, {item.id for item in practices})
    plain = {
        "things": [tables.thing(graph.node_by_id[key]) for key in number],
        "practices": {number[item.id]: tables.practice(item) for item in practices},
    }
    plain["articles"], plain["sentences"] = tables.articles(), list(tables.sentence_number)
    return Page(plain, number)


class _Tables:
    """Articles and sentences get their numbers as they are met."""

    def __init__(self, graph: PracticeGraph, number: dict[str, int], here: set[str]) -> None:
        self.graph, self.number, self.here = graph, number, here
        self.users: dict[str, set[str]] = {}
        self.article_number: dict[str, int] = {}
        self.sentence_number: dict[str, int] = {}
        self.words: dict[str, set[str]] = {}
        self.concepts: set[str] = set()
        for practice in graph.practices:
            for key in [*(step.node for step in practice.path), *(item.node for item in practice.statements)]:
                if key:
                    self.users.setdefault(key, set()).add(practice.id)
            for statement in practice.statements:
                if statement.node and statement.concept:
                    self.concepts.add(statement.node)
                node, label = statement.node, statement.label
                if statement.slot == "programme":
                    node, label = practice.id, practice.name
                if node:
                    # A statement's text is the first of its wordings; its evidence has them all.
                    wordings = {statement.text, *(item.words for item in statement.evidence)} - {label}
                    self.words.setdefault(node, set()).update(wordings)

    def thing(self, node: Node) -> dict[str, Any]:
        plain: dict[str, Any] = {"k": node.kind, "l": node.label}
        if node.label_en:
            plain["e"] = node.label_en
        if node.parent in self.number:
            plain["p"] = self.number[node.parent or ""]
        if node.detail.get("candidate"):
            plain["c"] = 1
        if _is_province(node):
            plain["province"] = 1
        if node.kind == "outcome":
            plain["d"] = node.detail
        users = self.users.get(node.id, set())
        if not users <= self.here:
            plain["u"] = [len(users), len({self._province(key) for key in users} - {None})]
        place = self._place(node)
        if place in self.number:
            plain["at"] = self.number[place or ""]
        if self.words.get(node.id):
            # The articles' own words lead to the concept in the search.
            plain["w"] = " ".join(sorted(self.words[node.id]))
        return plain

    def _place(self, node: Node) -> str | None:
        """Of what has its name within a county only (no concept, no place): the county, or the deepest place there is."""
        if node.kind not in LOCAL or node.id in self.concepts:
            return None
        practices = [self.graph.practice_by_id[key] for key in self.users.get(node.id, ())]
        paths = [[step.node for step in practice.path[:COUNTY_DEPTH]] for practice in practices]
        shared = [level[0] for level in zip(*paths, strict=False) if len(set(level)) == 1]
        return shared[-1] if shared else None

    def _province(self, practice: str) -> str | None:
        path = self.graph.practice_by_id[practice].path
        return path[0].node if path and _is_province(self.graph.node_by_id[path[0].node]) else None

    def practice(self, practice: PracticeView) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "path": [self.number[step.node] for step in practice.path],
            "s": [self.statement(item) for item in practice.statements],
        }
        if practice.part_of in self.number:
            plain["of"] = self.number[practice.part_of or ""]
        if practice.planned:
            plain["planned"] = 1
        if not practice.named:
            plain["unnamed"] = 1
        return plain

    def statement(self, statement: Statement) -> dict[str, Any]:
        plain: dict[str, Any] = {"s": statement.slot, "t": statement.text}
        if statement.node:
            plain["n"] = self.number[statement.node]
        if statement.detail:
            plain["d"] = statement.detail
        if statement.inferred:
            plain["i"] = 1
        plain["e"] = [self.evidence(item) for item in statement.evidence]
        return plain

    def evidence(self, item: Evidence) -> list[Any]:
        sentence = self.sentence_number.setdefault(item.sentence, len(self.sentence_number))
        files = [self.article_number.setdefault(file, len(self.article_number)) for file in item.articles]
        return [sentence, item.sentence_start, item.sentence_end, files]

    def articles(self) -> list[dict[str, Any]]:
        found = [self.graph.article_by_id[file] for file in self.article_number]
        fields = ("file", "title", "publisher", "published")
        return [{name: getattr(item, name) for name in fields if getattr(item, name)} for item in found]


def _is_province(node: Node) -> bool:
    # A place that could not be put on the tree stands at the top of its path as well.
    return node.kind == "region" and node.detail.get("level") == "province"
