"""Dates: what is found, what it resolves to, what dates no practice."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from extract_samples import article

from kg.extract.dates import DateMention, find_dates
from kg.extract.dates.festivals import feasts, lunar_day
from kg.extract.dates.patterns import patterns
from kg.extract.dates.points import POINT_READERS
from kg.extract.dates.spans import SPAN_READERS
from kg.extract.text.layout import lay_out
from kg.extract.text.page import Page
from kg.extract.text.words import make_page

SHARED = Path(__file__).parents[3] / "shared"
PROJECT = Path(__file__).parents[2]


def dates_of(text: str, published: str | None = "2023-11-15") -> list[DateMention]:
    page = Page(text, lay_out(text), [], np.zeros((0, 0), np.float32))
    page.published = published
    return find_dates(page)


def iso_of(text: str, published: str | None = "2023-11-15") -> list[str | None]:
    return [mention.iso for mention in dates_of(text, published)]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2021年7月13日上午开课。", "2021-07-13"),
        ("２０２１年７月１３日开课。", "2021-07-13"),
        ("2021 年 7 月 13 日开课。", "2021-07-13"),
        ("二〇二一年十二月三十一日开课。", "2021-12-31"),
        ("自二○一五年起开课。", "2015"),
        ("7月13日上午，队员进村。", "2023-07-13"),
        ("今年10月起开课。", "2023-10"),
        ("去年底建起小站。", "2022-12"),
        ("去年冬天，村里办课。", "2022-12/2023-02"),
        ("今年前三季度，调解百件。", "2023-01/2023-09"),
        ("去年下半年，街道试点。", "2022-07/2022-12"),
        ("去年11月至今年1月办班。", "2022-11/2023-01"),
        ("8月4日—10日，街道放映。", "2023-08-04/2023-08-10"),
        ("今年1至10月，立案三件。", "2023-01/2023-10"),
        ("去年11月至1月办班。", "2022-11/2023-01"),
        ("2021年12月至2月办班。", "2021-12/2022-02"),
        ("11月至1月办班。", "2022-11/2023-01"),
        ("2023—2024年度冬训开始。", "2023/2024"),
        ("2022年10月10日起至2023年3月31日开放。", "2022-10-10/2023-03-31"),
        ("上周，课堂开讲。", "2023-11-06/2023-11-12"),
        ("上周三，课堂开讲。", "2023-11-08"),
        ("昨日，课堂开讲。", "2023-11-14"),
        ("这两天，居民议事。", "2023-11-14/2023-11-15"),
        ("三年前，她办起食堂。", "2020"),
        ("今年春天以来，镇上办课。", "2023-03-01/2023-11-15"),
    ],
)
def test_points_and_intervals(text: str, iso: str) -> None:
    assert iso_of(text)[0] == iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("今年以来，街道办课。", "2023-01-01/2023-11-15"),
        ("2022年以来，街道办课。", "2022-01-01/2023-11-15"),
        ("去年3月至今，街道办课。", "2022-03-01/2023-11-15"),
        ("近一年来，街道办课。", "2022-11-15/2023-11-15"),
        ("两个月来，街道办课。", "2023-09-15/2023-11-15"),
        ("党的十八大以来，村里种茶。", "2012-11/2023-11-15"),
        ("十年来，村里种茶。", "2013/2023"),
        ("五年多来，村里种茶。", "P5Y"),
        ("培训为期5天。", "P5D"),
        ("为期两周的培训开始。", "P2W"),
        ("一年半时间里调解百件。", "P18M"),
        ("半年来，居民受益。", "P6M"),
    ],
)
def test_spans(text: str, iso: str) -> None:
    [mention] = dates_of(text)
    assert (mention.iso, mention.role) == (iso, "period")


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("每周五晚上学习", "P1W"),
        ("每逢周三开课", "P1W"),
        ("每周二、四、六晚上开课", "P1W"),
        ("隔周的周二晚上开课", "P2W"),
        ("每两周一次碰头", "P2W"),
        ("隔天上课", "P2D"),
        ("每隔一天上课", "P2D"),
        ("每隔一周上课", "P2W"),
        ("每隔两周上课", "P3W"),
        ("隔一周上课", "P2W"),
        ("隔月上课", "P2M"),
        ("隔两个月上课", "P2M"),
        ("每隔半个月上课", "P2W"),
        ("每三个月上课", "P3M"),
        ("每月最后一个周六开讲", "P1M"),
        ("每月两次巡诊", "P15D"),
        ("每季度评比", "P3M"),
        ("每年两期培训", "P6M"),
        ("每年9月开营", "P1Y"),
        ("每日午休时间宣讲", "P1D"),
        ("逢农历二、七赶场日开庭", "P5D"),
        ("一季一评", "P3M"),
        ("每月5日、20日量血压", "P15D"),
        ("每个月的十号、二十号、三十号开课", "P10D"),
        ("每个月的二十六号开课", "P1M"),
        ("每月初一、十五开课", "P15D"),
        ("每逢农历初一、十五开课", "P15D"),
        ("每逢初三开课", "P1M"),
        ("每月逢八、十八、二十八开市", "P10D"),
        ("每月逢五、逢十的晚上开课", "P5D"),
        ("逢五逢十开课", "P5D"),
        ("逢三、六、九赶场", "P3D"),
        ("农历逢十的集日开课", "P10D"),
        ("每逢五一登台", "P1Y"),
        ("双周四开课", "P2W"),
        ("每逢单月开课", "P2M"),
        ("每个双月的第三个周日开课", "P2M"),
        ("寒暑假开课", "P6M"),
        ("每年寒暑假开课", "P6M"),
        ("春秋两季开课", "P6M"),
        ("每年3月和9月开课", "P6M"),
        ("每年六月至九月开课", "P1Y"),
        ("每个暑假开课", "P1Y"),
        ("每到冬天开课", "P1Y"),
        ("每年腊月开课", "P1Y"),
        ("每到月底开课", "P1M"),
        ("每到季度末开课", "P3M"),
        ("每旬下村一次", "P10D"),
        ("每学期两次家访", "P3M"),
        ("一学期一次家访", "P6M"),
        ("半年一评", "P6M"),
        ("半个月一更新", "P2W"),
        ("半个月来一趟", "P2W"),
        ("一个月一堂", "P1M"),
        ("一年两期", "P6M"),
        ("每月两课", "P15D"),
        ("双休日开放", "P1W"),
        ("礼拜天下午开课", "P1W"),
    ],
)
def test_recurrences(text: str, every: str) -> None:
    [mention] = dates_of(text)
    assert (mention.iso, mention.role) == (f"R/{every}", "recurrence")


@pytest.mark.parametrize(
    ("text", "published", "iso"),
    [
        ("国庆假期，老人登台。", "2023-11-15", "2023-09-29/2023-10-06"),
        ("“七一”前夕，支部上课。", "2023-07-03", "2023-06"),
        ("2024年元旦，商店开业。", "2023-11-15", "2024-01-01"),
        ("重阳节，社区摆宴。", "2023-11-15", "2023-10-23"),
        ("世界读书日当天，书屋开门。", "2023-04-30", "2023-04-23"),
        ("春节前，法官送对联。", "2023-10-19", "2023-01"),
        ("大年初八，夜校开门。", "2025-02-07", "2025-02-05"),
        ("前年冬至，社区煮饺子。", "2023-03-02", "2021-12-21"),
        ("春节后，调解室开了门。", "2022-12-09", "2022-02"),
        ("春节后，调解室将开门。", "2022-12-25", "2023-01"),
        ("农历九月初九，社区摆宴。", "2024-03-15", "2023-10-23"),
        ("农历八月十五，社区赏月。", "2024-03-15", "2023-09-29"),
        ("农历八月十五，社区将赏月。", "2024-03-15", "2024-09-17"),
        ("农历冬月初一，庙会开张。", "2024-12-25", "2024-12-01"),
        ("腊月二十，庙会开张。", "2023-12-12", "2024-01-30"),
        ("腊月二十，庙会开张。", "2024-03-05", "2024-01-30"),
        ("去年正月初六，庙会开张。", "2024-03-05", "2023-01-27"),
        ("春节期间，庙会开张。", "2023-12-15", "2024-02-10/2024-02-16"),
        # the official holiday, where it is known
        ("春节假期，庙会开张。", "2025-02-10", "2025-01-28/2025-02-04"),
        ("春节假期，庙会开张。", "2012-02-10", "2012-01-23/2012-01-29"),
        ("大年三十，志愿者送饺子。", "2024-02-20", "2024-02-09"),
        ("三月初三，庙会开张。", "2024-05-16", "2024-04-11"),
        ("四月初八，庙会开张。", "2024-05-16", "2024-05-15"),
        ("年初一，庙会开张。", "2025-02-06", "2025-01-29"),
        ("二月二，庙会开张。", "2024-05-16", "2024-03-11"),
        ("二月二十日，庙会开张。", "2024-05-16", "2024-02-20"),
        ("去年腊月，庙会开张。", "2024-05-16", "2024-01/2024-02"),
        ("正月里，庙会开张。", "2024-05-16", "2024-02/2024-03"),
        ("腊月以来，庙会开张。", "2018-01-30", "2018-01-17/2018-01-30"),
        ("腊月里，庙会将开张。", "2025-01-21", "2024-12/2025-01"),
        ("2021年的除夕，庙会开张。", "2024-05-16", "2021-02-11"),
        ("去年八一前夕，支部上课。", "2024-05-16", "2023-07"),
        ("“八一”建军节来临之际，支部上课。", "2024-07-30", "2024-07"),
        ("“七一”到来前，支部上课。", "2024-07-02", "2024-06"),
        ("五一假期过后，支部上课。", "2024-05-16", "2024-05"),
        ("五一假期，支部上课。", "2023-05-16", "2023-04-29/2023-05-03"),
        ("中秋过后，支部上课。", "2024-05-16", "2023-09"),
    ],
)
def test_feasts(text: str, published: str, iso: str) -> None:
    assert iso_of(text, published) == [iso]


@pytest.mark.parametrize(
    ("text", "published", "iso"),
    [
        ("入冬以来，村里办课。", "2024-01-20", "2023-11/2024-01-20"),
        ("去年入冬以来，村里办课。", "2024-01-20", "2023-11/2024-01-20"),
        ("今年入冬以来，村里办课。", "2024-01-20", "2023-11/2024-01-20"),
        ("入冬以来，村里办课。", "2024-12-20", "2024-11/2024-12-20"),
        ("入冬以来，村里办课。", "2024-10-28", "2024-10/2024-10-28"),
        ("入冬至今，村里办课。", "2024-01", "2023-11/2024-01"),
        ("入秋以来，村里办课。", "2024-01-20", "2023-08/2024-01-20"),
        ("入夏以来，村里办课。", "2024-07-20", "2024-06/2024-07-20"),
        ("入夏以来，村里办课。", "2024-05-20", "2024-05/2024-05-20"),
        ("入冬后，村里办课。", "2024-03-20", "2023-11"),
        ("入冬后，村里将办课。", "2024-03-20", "2024-11"),
        ("2022年入冬，村里办课。", "2024-03-20", "2022-11"),
        ("今年冬天，村里办课。", "2024-01-20", "2023-12/2024-02"),
        ("今年冬天，村里将办课。", "2024-01-20", "2024-12/2025-02"),
        ("入冬前，村里办课。", "2024-09-20", "2024"),
        ("明年开春，村里办课。", "2024-09-20", "2025"),
        ("今年开春以来，村里办课。", "2024-05-20", "2024-01-01/2024-05-20"),
    ],
)
def test_the_turns_of_the_seasons(text: str, published: str, iso: str) -> None:
    assert iso_of(text, published) == [iso]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("5月6-8日，街道办班。", ["2024-05-06/2024-05-08"]),
        ("3月6-8日办班，10日结业。", ["2024-03-06/2024-03-08", "2024-03-10"]),
        ("7月5至12日，街道办班。", ["2024-07-05/2024-07-12"]),
        ("3月20、21日，街道办班。", ["2024-03-20", "2024-03-21"]),
        ("3月20、22、25日，街道办班。", ["2024-03-20", "2024-03-22", "2024-03-25"]),
        ("解决问题12、13日再议。", ["2024-05-13"]),
        ("7、8月，街道办班。", ["2024-07/2024-08"]),
        ("5-8月，街道办班。", ["2024-05/2024-08"]),
        ("5月11日星期六上午，集市开张。", ["2024-05-11"]),
        ("5月11日，星期六，集市开张。", ["2024-05-11"]),
        ("5月11日（周六）、12日（周日），集市开张。", ["2024-05-11", "2024-05-12"]),
        ("上周六、周日，集市开张。", ["2024-05-11/2024-05-12"]),
        ("上周三、周日，集市开张。", ["2024-05-08"]),
        ("上周三至周五，集市开张。", ["2024-05-08/2024-05-10"]),
        ("连续三个周末，集市开张。", []),
        ("每周六、周日，集市开张。", ["R/P1W"]),
        ("“十四五”期间，街道办班。", ["2021/2025"]),
        ("十三五时期，街道办班。", ["2016/2020"]),
        ("“十四五”以来，街道办班。", ["2021-01-01/2024-05-16"]),
        ("“十四五”规划收官之年，街道办班。", ["2025"]),
        ("1990年代、上世纪八十年代，村里办班。", ["1990/1999", "1980/1989"]),
        ("历时3个多月，街道办班。", ["P3M"]),
        ("办了一个多月。", ["P1M"]),
        ("23年底，街道办班。", ["2023-12"]),
        ("2023年秋季学期、去年春季学期，街道办班。", ["2023-09", "2023-02"]),
        ("3日内办结。", []),
        ("当年培训百人。", []),
        ("2021年试点，当年10月培训百人。", ["2021", "2021-10"]),
        ("去年9月到今年4月，街道办班。", ["2023-09/2024-04"]),
        ("2021年到今年，街道办班。", ["2021/2024"]),
        ("从2021年底到今年初，街道办班。", ["2021-12/2024-01"]),
        ("从去年三月到现在，街道办班。", ["2023-03-01/2024-05-16"]),
        ("二季度以来，街道办班。", ["2024-04-01/2024-05-16"]),
        ("去年下半年以来，街道办班。", ["2023-07-01/2024-05-16"]),
        ("去年年底以来，街道办班。", ["2023-12/2024-05-16"]),
        ("4月下旬以来，街道办班。", ["2024-04-21/2024-05-16"]),
        ("一年以来，街道办班。", ["2023-05-16/2024-05-16"]),
        ("两个多月以来，街道办班。", ["P2M"]),
        ("四十多天，街道办班。", ["P40D"]),
        ("一年零四个月，街道办班。", ["P16M"]),
        ("三百六十多天，街道办班。", []),
        ("2023—2024学年，街道办班。", ["2023/2024"]),
        ("上个世纪八十年代，村里办班。", ["1980/1989"]),
        ("一九九八年，村里办班。", ["1998"]),
        ("月初以来，街道办班。", ["2024-05-01/2024-05-16"]),
        ("月底前，街道将办班。", ["2024-05"]),
        ("上个周末，集市开张。", ["2024-05-11/2024-05-12"]),
        ("这两日，集市开张。", ["2024-05-15/2024-05-16"]),
    ],
)
def test_days_weekdays_and_periods(text: str, iso: list[str]) -> None:
    assert iso_of(text, "2024-05-16") == iso


@pytest.mark.parametrize(
    "text",
    [
        "5月12日早上", "5月12日早晨", "5月12日一早", "5月12日午后", "5月12日夜里", "5月12日深夜", "5月12日晚",
        "三月初三", "今年初", "3月底", "2023年底", "10月中旬", "去年年底", "同年6月", "今年内", "后年",
    ],
)  # fmt: skip
def test_read_to_its_end(text: str) -> None:
    assert [mention.text for mention in dates_of(f"{text}，街道办班。", "2024-05-16")] == [text]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("5月12日夜校开课。", "5月12日"),
        ("去年初步建成。", "去年"),
        ("今年初夏开班。", "今年"),
        ("今年初次办班。", "今年"),
        ("2023年初冬开班。", "2023年"),
        ("10月中心投用。", "10月"),
        ("今年内蒙古办班。", "今年"),
        ("3月底层商铺开门。", "3月"),
        ("今年年均办班。", "今年"),
        ("不过去年办班。", "去年"),
        ("例如今年5月办班。", "今年5月"),
    ],
)
def test_not_read_beyond_its_end(text: str, date: str) -> None:
    assert [mention.text for mention in dates_of(text, "2024-05-16")] == [date]


@pytest.mark.parametrize(
    "text",
    [
        "为不同年龄段的居民开课。", "上年纪的老人来听课。", "如今年均办班。", "过去年培训百人。", "中心建成后年培训百人。",
        "吸引来年轻人。", "街道举办线上年货节。", "送去年货和年夜饭。", "开展文明年活动。", "说明年轻人喜欢。", "节前年味渐浓。",
        "窗口人员知规矩明底线。", "目前初步建成。", "相当年轻。",
    ],
)  # fmt: skip
def test_a_year_within_other_words(text: str) -> None:
    assert dates_of(text, "2024-05-16") == []


def test_where_words_are_known_a_year_named_in_words_keeps_to_them() -> None:
    text = "路上年久失修，今年年均办班，今年5月办班。到今年底，办班。"
    page = make_page(article(text))
    assert [mention.text for mention in find_dates(page)] == ["今年", "今年5月", "到今年底"]
    assert dates_of(text)[0].text == "上年"


def test_no_reader_asks_for_a_part_that_its_pattern_lacks() -> None:
    readers = POINT_READERS | SPAN_READERS
    wrong = [
        (name, part)
        for name, pattern in patterns().items()
        for part in sorted(_parts_read(readers[pattern.kind], set()))
        if part not in pattern.regex.groupindex
    ]
    assert wrong == []


def _parts_read(function: Callable[..., Any], seen: set[str]) -> set[str]:
    """The parts of its match that a reader names, and the functions that it hands the match to."""
    parts: set[str] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "match":
            parts |= {node.slice.value} if isinstance(node.slice, ast.Constant) and node.slice.value else set()
        elif isinstance(node, ast.Call) and any(ast.unparse(one) == "match" for one in node.args):
            name = ast.unparse(node.func)
            if name not in seen and inspect.isfunction(function.__globals__.get(name)):
                parts |= _parts_read(function.__globals__[name], seen | {name})
    return parts


def test_lunar_calendar_agrees_with_known_new_years() -> None:
    known = {2012: date(2012, 1, 23), 2020: date(2020, 1, 25), 2023: date(2023, 1, 22), 2033: date(2033, 1, 31)}
    assert {year: lunar_day(year, 1, 1) for year in known} == known
    assert lunar_day(2023, 8, 15) == date(2023, 9, 29)  # after the leap second month
    assert feasts()["除夕"].day(2024) == date(2024, 2, 9)


def test_a_month_without_a_year_goes_to_the_past_unless_announced() -> None:
    assert iso_of("12月20日，课堂开讲。", "2024-01-05") == ["2023-12-20"]
    assert iso_of("12月20日，课堂将开讲。", "2024-09-05") == ["2024-12-20"]
    assert iso_of("2021年3月建站，9月开课。", "2023-06-01") == ["2021-03", "2021-09"]


@pytest.mark.parametrize(
    ("text", "published", "iso"),
    [
        ("2022年9月1日，课堂开班。10日，首批学员结业。", "2024-03-15", ["2022-09-01", "2022-09-10"]),
        ("2021年3月，课堂开班。5月，扩大到全区。9月，办到邻县。", "2024-03-15", ["2021-03", "2021-05", "2021-09"]),
        ("去年6月，课堂开班。 9月1日，扩大到全区。", "2024-12-15", ["2023-06", "2023-09-01"]),
        ("于明年1月启动，3月全面推开。", "2024-11", ["2025-01", "2025-03"]),
        ("于明年11月启动，3月全面推开。", "2024-11", ["2025-11", "2026-03"]),
        ("登记到明年1月底。", "2024-11", ["2025-01"]),
        # what is of the present: said to be, of this month, within a sentence, in another paragraph
        ("2021年3月，课堂开班。今年扩建。5月，办到邻县。", "2024-09-15", ["2021-03", "2024", "2024-05"]),
        ("去年6月，课堂开班。9月1日，扩大到全区。", "2024-09-15", ["2023-06", "2024-09-01"]),
        ("2021年3月，课堂开班。听说5月办到邻县。", "2024-09-15", ["2021-03", "2024-05"]),
        ("2021年3月，课堂开班。\n5月，办到邻县。", "2024-09-15", ["2021-03", "2024-05"]),
        # the month before is of another year
        ("今年9月，课堂开班。2021年试点，3月扩大。", "2024-09-15", ["2024-09", "2021", "2021-03"]),
    ],
)
def test_year_and_month_go_on_together(text: str, published: str, iso: list[str]) -> None:
    assert iso_of(text, published) == iso


def test_without_publication_only_what_says_it_all_is_resolved() -> None:
    assert iso_of("去年10月，今年以来，3月5日，昨天，本月", None) == [None] * 5
    assert iso_of("2021年5月，每周三，为期两周，三年来", None) == ["2021-05", "R/P1W", "P2W", "P3Y"]


def test_publication_known_to_the_month_or_year_resolves_as_far_as_it_goes() -> None:
    assert iso_of("今年以来，去年10月，3月5日，昨天", "2024-05") == [
        "2024-01-01/2024-05", "2023-10", "2024-03-05", None,
    ]  # fmt: skip
    assert iso_of("今年以来，上半年", "2024") == ["2024", "2024-01/2024-06"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("今年10月起，街道推行积分。", "start"),
        ("2020年，社区成立工作室。", "start"),
        ("3月22日，学校揭牌。", "opened"),
        ("3月24日，学员参观。", "held"),
        ("今年，街道调解百件。", "period"),
    ],
)
def test_role(text: str, role: str) -> None:
    assert [mention.role for mention in dates_of(text)] == [role]


@pytest.mark.parametrize(
    "text",
    [
        "来源：某某发布  2023-11-14 10:20",
        "今年60岁的老李来了。",
        "他2001年入党。",
        "与去年同期相比，人多了。",
        "和去年相比，人多了。",
        "截至10月底，平台上线。",
        "到今年5月，共办班30期。",
        "到今年上半年，共办班30期。",
        "2021年9月，国务院部署试点。",
        "2022年，省里印发意见。",
        "老人每人每月领补贴。",
        "暑期课堂人气旺。",
        "今天是重要的日子。",
    ],
)
def test_dates_of_no_practice(text: str) -> None:
    assert [mention.attachable for mention in dates_of(text)] == [False]


def test_what_is_no_date() -> None:
    assert (
        dates_of("近日、连日来、近年来，街道办课，成立30周年，时隔三年，三年行动计划，13月，2月30日，一百二十三人。")
        == []
    )
    assert dates_of("引入冬训课程，赶在进入冬闲时开班。") == []
    assert dates_of("大前天下过雨，两次讲座间隔两周。", "2024-03-15") == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("23年5月，课堂开讲。", "2023-05"),
        ("23年5月6日，课堂开讲。", "2023-05-06"),
        ("从21年9月起，课堂开讲。", "2021-09"),
        ("二一年九月，课堂开讲。", "2021-09"),
        ("21年3—5月，课堂开讲。", "2021-03/2021-05"),
        ("21年11月至23年1月，课堂开讲。", "2021-11/2023-01"),
        ("25年1月，课堂将开讲。", "2025-01"),
        ("98年8月，课堂开讲。", "1998-08"),
        ("45年8月，课堂开讲。", None),
        ("15年来，课堂天天开讲。", "2009-03-15/2024-03-15"),
        ("23年里，课堂开讲百回。", "P23Y"),
        ("第10年5月，课堂开讲。", "2024-05"),
    ],
)
def test_a_year_of_two_digits_before_a_month(text: str, iso: str | None) -> None:
    assert iso_of(text, "2024-03-15")[0] == iso


@pytest.mark.parametrize("text", ["2023年2月29日", "2022年2月29日", "去年2月29日", "2023年2月30日"])
def test_a_day_that_the_calendar_does_not_have_does_not_lose_its_year(text: str) -> None:
    assert dates_of(f"{text}，课堂开讲。", "2024-03-15") == []
    assert iso_of("2022年4月31日至5月3日，课堂开讲。", "2024-03-15") == ["2022-05-03"]


def test_mentions_equal_the_text_and_do_not_overlap() -> None:
    text = "去年３月至今，每周三晚上，２０２３年9月28日至10月2日，“七一”前夕。\n10月，为期五天。"
    mentions = dates_of(text)
    assert len(mentions) == 6
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["今年10月至", "一二三四五六七八九", "每月初一、", "“", "上", "月末"])
def test_a_long_line_ends(unit: str) -> None:
    """A guard against growth with the square: 4 s at most where time grows with length, 170 for the cheapest pattern else."""
    text = unit * (800_000 // len(unit))
    page = Page(text, lay_out(text), [], np.zeros((0, 0), np.float32))
    start = time.process_time()
    assert all(text[mention.start : mention.end] == mention.text for mention in find_dates(page))
    assert time.process_time() - start < 60


def _recall(gold: Path, folder: Path) -> tuple[int, int]:
    found = total = 0
    for record in map(json.loads, gold.read_text(encoding="utf-8").splitlines()):
        path = folder / record["file"]
        values = {value["iso"] for practice in record["practices"] for value in practice["dates"] if value["iso"]}
        if not values or path.suffix != ".txt":
            continue
        text = path.read_text(encoding="utf-8-sig")
        total += len(values)
        found += len(values & set(iso_of(text, record["published"])))
    return found, total


def _shared_sets() -> Iterator[tuple[str, str]]:
    yield "press.jsonl", "corpus/press"
    yield "broadcast.jsonl", "corpus/broadcast"
    yield "broadcast-more.jsonl", "corpus/broadcast-more"


@pytest.mark.shared
def test_recall_on_the_shared_gold() -> None:
    if not (SHARED / "gold").is_dir():
        pytest.skip("the shared articles are not beside the repository")
    counts = [_recall(SHARED / "gold" / gold, SHARED / folder) for gold, folder in _shared_sets()]
    assert sum(found for found, _ in counts) >= 0.9 * sum(total for _, total in counts) > 0


@pytest.mark.parametrize("kind", ["press", "broadcast"])
def test_recall_on_the_training_articles(kind: str) -> None:
    corpus = PROJECT / "data" / "corpus"
    found, total = _recall(corpus / f"{kind}.jsonl", corpus / kind)
    assert found >= 0.88 * total > 0
