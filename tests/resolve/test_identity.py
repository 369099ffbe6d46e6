"""Identity of practices across articles: what becomes one, what stays two, and that nothing else decides."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import pytest

from kg.model import ArticleRecord, Outcome, PartOf, Practice, Region, RegionValue, Value
from kg.model.iri import BASE
from kg.resolve.identity import assign_identities, is_generic

_STREET = ("重庆市", "江津区", "双福街道")
_OTHER = ("湖南省", "长沙市", "望城区", "月亮岛街道")


def _value(text: str) -> Value:
    return Value(text=text, start=0, end=len(text), rule="test")


def _practice(
    number: int,
    name: str,
    *,
    region: str | None = "本地",
    part_of: int | None = None,
    named: bool = True,
    figure: float | None = None,
    formats: tuple[str, ...] = (),
) -> Practice:
    text = "共讲若干期"
    figures = (Outcome(text=text, start=0, end=len(text), rule="test", value=figure, unit="期"),) if figure else ()
    return Practice(
        id=f"p{number}",
        programme=_value(name),
        named=named,
        region=RegionValue(text=region, start=0, end=len(region), rule="test") if region else None,
        part_of=PartOf(text="?", practice=f"p{part_of}") if part_of else None,
        outcomes=figures,
        formats=tuple(_value(word) for word in formats),
    )


def _record(
    file: str, *practices: Practice, path: tuple[str, ...] | None = _STREET, duplicate_of: str | None = None
) -> ArticleRecord:
    return ArticleRecord(
        file=file,
        content_hash=file,
        text_hash=file,
        duplicate_of=duplicate_of,
        regions=(Region(name="本地", path=path),),
        practices=practices,
    )


def _ids(*records: ArticleRecord) -> list[str]:
    found = [practice.identity for record in assign_identities(records) for practice in record.practices]
    assert all(identity and identity.startswith(BASE + "practice/") for identity in found)
    return [identity or "" for identity in found]


def test_one_practice_in_two_articles_is_one() -> None:
    one, two = _ids(_record("a.txt", _practice(1, "福课堂")), _record("b.txt", _practice(4, "“福”课堂")))
    assert one == two


def test_one_name_in_two_places_is_two() -> None:
    one, two = _ids(_record("a.txt", _practice(1, "福课堂")), _record("b.txt", _practice(1, "福课堂"), path=_OTHER))
    assert one != two


def test_street_and_community_stay_two() -> None:
    community = (*_STREET, "红星社区")
    one, two = _ids(_record("a.txt", _practice(1, "福课堂")), _record("b.txt", _practice(1, "福课堂"), path=community))
    assert one != two


def test_generic_names_need_their_brand() -> None:
    one = _record("a.txt", _practice(1, "福课堂"), _practice(2, "第一期培训班", part_of=1))
    same = _record("b.txt", _practice(1, "福课堂"), _practice(2, "第一期培训班", part_of=1))
    other = _record("c.txt", _practice(1, "银发学堂"), _practice(2, "第一期培训班", part_of=1))
    none = _record("d.txt", _practice(2, "第一期培训班"))
    terms = [_ids(record)[-1] for record in (one, same, other, none)]
    assert terms[0] == terms[1]
    assert len(set(terms)) == 3


def test_a_part_without_a_region_stands_where_the_whole_stands() -> None:
    inside = _record("a.txt", _practice(1, "福课堂"), _practice(2, "田间小讲", region=None, part_of=1))
    alone = _record("b.txt", _practice(1, "田间小讲"))
    assert _ids(inside)[1] == _ids(alone)[0]


@pytest.mark.parametrize("path", [None, _STREET])
def test_unnamed_practices_belong_to_their_article(path: tuple[str, ...] | None) -> None:
    one = _record("a.txt", _practice(1, "上门理发", named=False), path=path)
    two = _record("b.txt", _practice(1, "上门理发", named=False), path=path)
    assert len(set(_ids(one, two))) == 2


def test_a_repost_tells_the_same_practices() -> None:
    first = _record("a.txt", _practice(1, "上门理发", named=False), _practice(2, "福课堂"), path=None)
    repost = _record("b.txt", *first.practices, path=None, duplicate_of="a.txt")
    again = _record("c.txt", *first.practices, path=None, duplicate_of="b.txt")
    ids = _ids(first, repost, again)
    assert ids[:2] == ids[2:4] == ids[4:]
    assert ids[0] != ids[1]


def test_a_ring_of_reposts_ends() -> None:
    ring = [
        _record("a.txt", _practice(1, "上门理发", named=False), duplicate_of="b.txt"),
        _record("b.txt", _practice(1, "上门理发", named=False), duplicate_of="a.txt"),
    ]
    assert len(set(_ids(*ring))) == 1


def test_a_ring_of_parts_ends() -> None:
    ring = _record("a.txt", _practice(1, "第一期", part_of=2), _practice(2, "福课堂", part_of=1))
    assert len(set(_ids(ring))) == 2


def test_unnamed_practices_of_equal_values_are_one() -> None:
    told = {"named": False, "figure": 36.0, "formats": ("入户宣讲",)}
    one = _record("a.txt", _practice(1, "上门宣讲政策", **told))  # type: ignore[arg-type]
    two = _record("b.txt", _practice(1, "宣讲政策", **told))  # type: ignore[arg-type]
    fewer = _record("c.txt", _practice(1, "宣讲政策", **(told | {"figure": 35.0})))  # type: ignore[arg-type]
    away = _record("d.txt", _practice(1, "宣讲政策", **told), path=_OTHER)  # type: ignore[arg-type]
    ids = _ids(one, two, fewer, away)
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_two_unnamed_practices_of_one_article_stay_two_whatever_is_said_of_both() -> None:
    told = {"named": False, "figure": 2.0, "formats": ("讲座",)}
    both = _record("a.txt", _practice(1, "法律讲座", **told), _practice(2, "健康讲座", **told))  # type: ignore[arg-type]
    assert len(set(_ids(both))) == 2
    again = _record("b.txt", _practice(1, "健康讲座", **told), _practice(2, "法律讲座", **told), duplicate_of="a.txt")  # type: ignore[arg-type]
    assert sorted(_ids(both, again)[2:]) == sorted(_ids(both))


def test_a_place_that_nobody_knows_tells_two_practices_of_one_article_apart() -> None:
    one, other = _practice(1, "福课堂", region="坡上"), _practice(2, "福课堂", region="湾里")
    assert _ids(_record("a.txt", one, other))[1:] == _ids(_record("a.txt", other))


def test_two_of_one_wording_in_one_article_stay_two() -> None:
    record = _record("a.txt", _practice(1, "上门理发", named=False), _practice(2, "上门理发", named=False))
    assert len(set(_ids(record))) == 2


def test_order_and_company_do_not_matter() -> None:
    records = [
        _record(f"{number}.txt", _practice(1, f"课堂{number % 3}"), _practice(2, "第一期", part_of=1), path=path)
        for number, path in enumerate([_STREET, _OTHER, None] * 4)
    ]
    alone = {record.file: _ids(record) for record in records}
    random.Random(3).shuffle(records)
    together = {r.file: [p.identity for p in r.practices] for r in assign_identities(records)}
    assert together == alone


def test_another_base() -> None:
    records = [_record("a.txt", _practice(1, "福课堂"))]
    ours = assign_identities(records)[0].practices[0].identity or ""
    theirs = assign_identities(records, "https://data.example/")[0].practices[0].identity
    assert theirs == ours.replace(BASE, "https://data.example/")


def test_examples_of_the_generic_names() -> None:
    file = Path(__file__).parents[2] / "kg" / "resolve" / "generic_names.toml"
    for table in tomllib.loads(file.read_text(encoding="utf-8"))["pattern"]:
        for name in table["yes"]:
            assert re.fullmatch(table["regex"], name), (table["id"], name)
            assert is_generic(name)
        for name in table["no"]:
            assert not re.fullmatch(table["regex"], name), (table["id"], name)
            assert not is_generic(name)
