"""Reposts: the same report elsewhere is one witness; different reports stay apart."""

from __future__ import annotations

from dataclasses import replace

from read_samples import FIRST, SECOND, THIRD

from kg.model.article import Article
from kg.read import article_from_text, mark_reposts

REPORT = [
    FIRST,
    SECOND,
    "夜校的老师有县里来的农技员，也有村里种了半辈子果树的能手，一堂课只讲一件事，讲完就到树下动手。",
    "镇里还把课程录成短视频，发到村民群里，错过的人晚上躺在床上也能补课，目前已经录了26期，看过的有一千多人次。",
    THIRD,
]
OTHER = [
    "清河街道把议事桌搬进楼道，居民围坐在一起商量加装电梯的事，三个月里开了12次会，费用怎么分摊终于有了结果。",
    "街道司法所的调解员每次都到场，有人嫌贵，有人嫌吵，话说开了，气也就顺了，一栋楼的事一栋楼的人自己定。",
    "如今这样的楼道议事会已经办了40多场，解决了停车、漏水、充电等难题，参加的居民有两千余人次。",
]


def article(file: str, title: str, body: list[str], published: str | None) -> Article:
    text = "\n".join([title, *([f"来源：某某报 {published}"] if published else []), *body])
    return article_from_text(text, file=file)


def test_reposts_lead_to_the_earliest() -> None:
    articles = [
        article("late.txt", "换了标题的夜校", REPORT[:-1], "2024-05-09"),
        article("first.txt", "松岭镇办起夜校", REPORT, "2024-05-06"),
        article("undated.txt", "夜校又见报", REPORT, None),
        article("other.txt", "楼道里的议事桌", OTHER, "2024-05-01"),
        article("same-day.txt", "夜校", REPORT, "2024-05-06"),
    ]
    marked = mark_reposts(articles)
    assert [(a.file, a.duplicate_of) for a in marked] == [
        ("late.txt", "first.txt"),
        ("first.txt", None),
        ("undated.txt", "first.txt"),
        ("other.txt", None),
        ("same-day.txt", "first.txt"),
    ]
    assert mark_reposts(reversed(articles))[::-1] == marked, "the order of reading decides nothing"
    assert [replace(a, duplicate_of=None) for a in marked] == articles


def test_a_common_sentence_makes_no_repost() -> None:
    marked = mark_reposts(
        [article("a.txt", "一", REPORT, "2024-05-06"), article("b.txt", "二", [*OTHER, FIRST], "2024-05-07")]
    )
    assert [a.duplicate_of for a in marked] == [None, None]


def test_short_texts_repeat_each_other_only_when_they_are_the_same() -> None:
    marked = mark_reposts(
        [article_from_text(t, file=t[:2]) for t in ("今天开课，大家来听课。", "明天开课，大家来听课。", "") if t]
    )
    assert [a.duplicate_of for a in marked] == [None, None]
