"""Articles written for the tests, and what a model might answer."""

from __future__ import annotations

from typing import Any

from kg.model import Article
from kg.read import article_from_text

LANTERN = """临溪街道：门口课堂点亮夜晚
来源：临溪融媒 2023-06-20

今年4月，临溪街道在柏树社区办起“门口课堂”，每周三晚请县医院的医生给独居老人讲用药常识，已讲16期，1600余人次参加。
课堂下设“手机小站”，由中学生志愿者一对一教老人挂号，160名老人学会了视频通话。街道计划年内再开6个教学点。
南湾社区也有自己的做法。南湾社区把议事会搬到榕树下，居民代表围坐商量停车难题。
"""
PLAZA = """白石镇：赶场日里的流动服务台
来源：白石镇人民政府 2022-11-03

每逢赶场日，白石镇在农贸市场摆出“流动服务台”，镇便民中心的工作人员现场代办医保，已办件320件。
"""


def lantern() -> Article:
    return article_from_text(LANTERN, file="lantern.txt")


def practice(programme: str, **values: Any) -> dict[str, Any]:
    """A proposed practice with all its fields."""
    lists = ("formats", "audiences", "topics", "organisers", "partners", "venues", "channels", "outcomes", "dates")
    plain: dict[str, Any] = {"programme": programme, "named": True, "region": None, "part_of": None, "planned": False}
    return plain | {name: [] for name in lists} | values


def outcome(text: str, value: float, unit: str, what: str | None = None, modality: str = "achieved") -> dict[str, Any]:
    return {"text": text, "value": value, "unit": unit, "what": what, "modality": modality}


CLASSROOM = practice(
    "门口课堂",
    region="柏树社区",
    formats=["讲"],
    audiences=["独居老人"],
    topics=["用药常识"],
    organisers=["临溪街道"],
    partners=["县医院的医生"],
    outcomes=[outcome("已讲16期", 16, "期"), outcome("1600余人次参加", 1600, "人次", "参加")],
    dates=[{"text": "今年4月", "role": "start"}, {"text": "每周三晚", "role": "recurrence"}],
)
STATION = practice(
    "手机小站",
    region="柏树社区",
    part_of="门口课堂",
    formats=["一对一教"],
    audiences=["老人"],
    partners=["中学生志愿者"],
    outcomes=[outcome("160名老人学会了视频通话", 160, "名", "老人")],
)
RIGHT = {"practices": [CLASSROOM, STATION]}
DESK = {
    "practices": [
        practice("流动服务台", region="白石镇", venues=["农贸市场"], outcomes=[outcome("已办件320件", 320, "件")])
    ]
}
