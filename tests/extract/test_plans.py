"""Practices that are only announced are known by the words of their sentence."""

from __future__ import annotations

import pytest
from extract_samples import article

from kg.extract.figures.find import find_figures
from kg.extract.practices.plans import is_target, tells_of_a_plan
from kg.extract.text.words import make_page


@pytest.mark.parametrize(
    ("sentence", "phrase", "planned"),
    [
        ("今年，青石街道计划开办“灯下课堂”，请律师来讲。", "灯下课堂", True),
        ("下一步，南山县还要把“板凳会”推到每个村。", "板凳会", True),
        ("村里正在筹备一处书屋。", "书屋", True),
        ("这里将建成一座社区食堂。", "社区食堂", True),
        ("目前，旧仓库改造的儿童之家即将建成开放。", "儿童之家", True),
        ("青石街道将退休教师组织起来，开办“灯下课堂”。", "灯下课堂", False),
        ("“添翼计划”已经帮助300名青年。", "添翼计划", False),
        ("街道按计划开了“灯下课堂”。", "灯下课堂", False),
        ("村里开起书屋，明年的书单也定了。", "书屋", False),
        ("村里开起书屋，下一步打算添置桌椅。", "书屋", False),
        # what is being prepared
        ("目前，街道正在酝酿一处“邻里市集”。", "邻里市集", True),
        ("县里正着手编制《茶路地图》。", "茶路地图", True),
        ("竹艺馆也列入规划。", "竹艺馆", True),
        ("村里把书屋提上了议事日程。", "书屋", True),
        ("5月份，文化站还要和学校办一场“乡音会”。", "乡音会", True),
        ("县里今年将新增社区托育“灯下课堂”30处。", "灯下课堂", True),
        ("今后，两个支部将每月派人到“灯下课堂”讲课。", "灯下课堂", True),
        ("今年我们要上线“邻里通”。", "邻里通", True),
        # what only reads like it
        ("每季度，镇上还要开一次“板凳会”。", "板凳会", False),
        ("接下来的“板凳会”在村委会的会议室里开。", "板凳会", False),
        ("筹建工作从春天做起，夏天有了“灯下课堂”。", "灯下课堂", False),
        ("宣讲员同牧民聊变化、聊打算，办起“灯下课堂”。", "灯下课堂", False),
        ("街道将闲置校舍改建成“邻里食堂”。", "邻里食堂", False),
        ("律师来做合同代拟，常去“灯下课堂”。", "灯下课堂", False),
    ],
)
def test_a_plan_is_told_by_its_words(sentence: str, phrase: str, planned: bool) -> None:
    page = make_page(article(sentence))
    start = page.text.index(phrase)
    assert tells_of_a_plan(page, start, start + len(phrase)) is planned


@pytest.mark.parametrize(
    "sentence",
    [
        "全年力争办课120场。",
        "到2027年，书屋要有120家。",
        "今年将在年内建成站点120个。",
        "今年计划建造口袋公园120个。",
        "公园计划种植乔木120株。",
        "年内拟再建设驿站120个。",
        "明年将把圆桌会推广到120个村。",
        "目标是办课120场。",
        "预计共培训120人。",
        "目前，街道计划办课120场。",
        "县里将依托旧房改造，更换管网120公里。",
        "接下来，社区将办课120场。",
    ],
)
def test_a_figure_to_be_reached(sentence: str) -> None:
    assert _target(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "半年来，书屋已办课120场。",
        "已办课120场，下一步还要请人来讲。",
        "街道将“灯下课堂”的内容同步覆盖120名居民。",
        "街道将培训工作摆在突出位置，打造了120个站点。",
        "将传承红色基因与宣传主题有机结合，组织宣讲120场。",
        "村里将退役军人、泥瓦匠编成三队，修缮房屋120间。",
        "街道将闲置房屋改造成书屋120处。",
        "课堂以打造队伍为目标，利用午休开课，现已开讲120次。",
        "模拟法庭开进广场，足有120人。",
        "虚拟平台上线课程120节。",
        "接下来的日子里，社区办课120场。",
        "按照计划，目前已建站120个。",
        "争取资金120元。",
        "街道争取区里支持，把120名志愿者编成三队。",
        "每季度还会办一次茶会，两年里来客120人。",
        "按计划,三年间共办课120场。",
        "短短两个小时，到场120人。",
        "年内开讲120场。",
    ],
)
def test_a_figure_that_is_reached(sentence: str) -> None:
    assert not _target(sentence)


def test_a_figure_of_a_planned_practice_is_planned_unless_its_sentence_says_that_it_is_reached() -> None:
    assert _target("来客120人。", planned=True)
    assert not _target("来客累计120人。", planned=True)
    assert not _target("有120户来兑过。", planned=True)
    assert not _target("覆盖目前达到120户。", planned=True)
    assert not _target("短短一个小时，接诊120人次。", planned=True)


def _target(sentence: str, *, planned: bool = False) -> bool:
    page = make_page(article(sentence))
    figure = next(one for one in find_figures(page) if one.value == 120)
    return is_target(page, figure.start, figure.clause[1], planned=planned)
