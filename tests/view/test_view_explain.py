"""An article with its spans marked, for a reader."""

from __future__ import annotations

import re
from array import array
from html import unescape

import pytest
from view_sample import marked

from kg.model import Article, OffsetMap
from kg.view import Explained, explain_html, explain_text, practice_graph, table_frame


def told(template):
    record, text = marked(template, file="a.txt", publisher="某台", path=("江苏省", "苏州市", "姑苏区", "平江街道"))
    offsets = OffsetMap(array("L", range(len(text))), array("L", range(1, len(text) + 1)))
    return Article("a.txt", text, text, offsets, record.content_hash), record


TEMPLATE = "{region:平江街道}开设“{programme:板凳课堂}”，采取{formats:集中授课}，{outcomes:累计120余人次参加}。"


def test_text_marks_spans_and_gives_reasons():
    said = explain_text(*told(TEMPLATE))
    assert "[平江街道]¹开设“[板凳课堂]²”，采取[集中授课]³，[累计120余人次参加]⁴。" in said
    assert re.search(r"3 +p1 +formats +集中授课 +· test\.formats 0\.90", said)
    assert "→ >120 人次" in said


def test_what_would_steer_a_terminal_is_a_space():
    article, record = told(TEMPLATE.replace("集中授课", "集中\x1b\u202e授课"))
    said = explain_text(article, record.model_copy(update={"file": "a\x9b#\x1b]0;b\x07.txt"}))
    assert "[集中  授课]³" in said and said.startswith("a # ]0;b .txt")
    assert said.replace("\n", "").isprintable()


def test_html_shows_the_text_unchanged_and_escapes_it():
    article, record = told(TEMPLATE.replace("集中授课", "<b>授课&lt;"))
    made = explain_html(article, record)
    body = re.search(r"pre-wrap\">(.*?)</div>", made, re.S)[1]
    assert unescape(re.sub(r"<sup.*?</sup>|<[^>]+>", "", body)) == article.text
    assert "<b>" not in made and "test.formats" in made


def test_nested_and_crossing_spans():
    article, record = told(TEMPLATE)
    practice = record.practices[0]
    start = article.text.index("板凳课堂")
    inner = practice.programme.model_copy(update={"text": "课堂”，采", "start": start + 2, "end": start + 7})
    crossing = record.model_copy(update={"practices": (practice.model_copy(update={"venues": (inner,)}),)})
    assert "[板凳[课堂]²”，采]³" in explain_text(article, crossing)
    body = re.search(r"pre-wrap\">(.*?)</div>", explain_html(article, crossing), re.S)[1]
    assert unescape(re.sub(r"<sup.*?</sup>|<[^>]+>", "", body)) == article.text


def test_a_record_of_another_text_is_refused():
    article, record = told(TEMPLATE)
    shifted = told("前" + TEMPLATE)[0]
    with pytest.raises(ValueError, match="are not"):
        explain_text(shifted, record)
    assert explain_text(article, record)


def test_notebook_values_show_the_same():
    article, record = told(TEMPLATE)
    shown = Explained(article, record)
    assert str(shown) == explain_text(article, record)
    assert shown._repr_html_() == explain_html(article, record)
    frame = table_frame(practice_graph([(record, article.text)]), language="en")
    assert frame.loc[0, "Programme"] == "板凳课堂" and frame.shape[0] == 1
