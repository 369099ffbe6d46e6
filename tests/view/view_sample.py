"""Invented articles for the tests of the views, written with their values marked.

A template such as ``{region:清河街道}开设{programme:板凳课堂}，采取{formats:集中授课}`` yields the clean text and the
record: the marks go, the spans stay. Nothing here was taken from a real article.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from kg.model import ArticleRecord, DateValue, Outcome, PartOf, PlaceLevel, Practice, Region, RegionValue, Value
from kg.model.iri import derived_iri

__all__ = ["PLACES", "generated", "marked", "realistic"]

PLACES: tuple[tuple[str, ...], ...] = (
    ("重庆市", "江津区", "双福街道"),
    ("重庆市", "渝北区", "龙塔街道"),
    ("四川省", "成都市", "武侯区", "晋阳街道"),
    ("湖南省", "长沙市", "望城区", "月亮岛街道"),
    ("江苏省", "苏州市", "姑苏区", "平江街道"),
    ("浙江省", "杭州市", "拱墅区", "米市巷街道"),
    ("浙江省", "宁波市", "鄞州区", "白鹤街道"),
    ("广东省", "广州市", "越秀区", "北京街道"),
    ("福建省", "厦门市", "思明区", "鼓浪屿街道"),
    ("山东省", "青岛市", "市南区", "香港中路街道"),
    ("陕西省", "西安市", "碑林区", "文艺路街道"),
    ("安徽省", "合肥市", "庐阳区", "逍遥津街道"),
    ("湖北省", "武汉市", "江汉区", "民族街道"),
    ("云南省", "昆明市", "五华区", "华山街道"),
    ("上海市", "徐汇区", "天平路街道"),
)
LEVELS = {4: ("province", "prefecture", "county", "township"), 3: ("province", "county", "township")}

_MARK = re.compile(r"\{(\w+):([^{}]+)\}")

FORMATS = [
    "集中授课",
    "线上直播",
    "现场观摩",
    "送学上门",
    "情景模拟",
    "圆桌议事",
    "案例研讨",
    "结对帮带",
    "知识竞赛",
    "入户走访",
    "院坝会",
    "主题党日",
]
AUDIENCES = [
    "网格员",
    "社区工作者",
    "志愿者",
    "老年居民",
    "青少年",
    "新就业群体",
    "楼栋长",
    "退役军人",
    "商户",
    "物业人员",
]
TOPICS = [
    "反诈宣传",
    "垃圾分类",
    "消防安全",
    "矛盾调解",
    "心理健康",
    "文明养犬",
    "政策解读",
    "急救知识",
    "物业纠纷",
    "电动车充电",
]
PARTNERS = ["区司法局", "派出所", "师范学院", "卫生服务中心", "律师事务所", "社会工作站", "消防救援站"]
NAMES = [
    "板凳课堂",
    "邻里讲堂",
    "星光夜校",
    "红砖学堂",
    "榕树下课堂",
    "周末充电站",
    "网格练兵场",
    "街坊议事厅",
    "银龄学院",
    "暖蜂驿站",
    "小巷讲师团",
    "平安微课",
]
TAILS = (("方式", 300), ("人群", 200), ("主题", 600), ("单位", 900))
"""Word and number of different values, for the generated graph."""


def marked(template: str, **facts: Any) -> tuple[ArticleRecord, str]:
    """One article with one practice a paragraph: paragraphs without ``{programme:…}`` belong to none.

    Facts: file, title, publisher, published, path, concepts (words → IRI), duplicate_of.
    """
    text, spans = "", []
    position = 0
    for match in _MARK.finditer(template):
        text += template[position : match.start()]
        spans.append((match[1], len(text), match[2]))
        text += match[2]
        position = match.end()
    text += template[position:]
    concepts = facts.get("concepts", {})
    path = facts["path"]
    practices = []
    paragraph = 0
    for line in text.split("\n"):
        inside = [span for span in spans if paragraph <= span[1] < paragraph + len(line)]
        paragraph += len(line) + 1
        practice = _practice(inside, f"p{len(practices) + 1}", path, concepts, practices)
        if practice:
            practices.append(practice)
    levels = LEVELS.get(len(path), LEVELS[4])
    region = Region(
        name=path[-1],
        path=path,
        levels=tuple(
            PlaceLevel(name=name, level=level, stated=name in text)  # type: ignore[arg-type]
            for name, level in zip(path, levels, strict=False)
        ),
    )
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    record = ArticleRecord(
        file=facts["file"],
        title=facts.get("title", text.split("\n", 1)[0]),
        publisher=facts.get("publisher"),
        published=facts.get("published"),
        content_hash=digest,
        text_hash=digest,
        duplicate_of=facts.get("duplicate_of"),
        regions=(region,),
        practices=tuple(practices),
    )
    return record, text


def _practice(
    spans: list[tuple[str, int, str]],
    name: str,
    path: tuple[str, ...],
    concepts: dict[str, str],
    before: list[Practice],
) -> Practice | None:
    fields: dict[str, Any] = {}
    for slot, start, words in spans:
        plain = {"text": words, "start": start, "end": start + len(words), "rule": f"test.{slot}", "confidence": 0.9}
        if slot == "programme":
            fields["programme"] = Value(**plain)
        elif slot == "region":
            fields["region"] = RegionValue(**plain)
        elif slot == "outcomes":
            number = int(re.search(r"\d+", words)[0])  # type: ignore[index]
            unit = re.search(r"\d+余?(\w{1,2}?)(?=参加|$)", words)
            more = ">" if "余" in words else "="
            fields.setdefault(slot, []).append(
                Outcome(**plain, value=number, unit=unit[1] if unit else "个", comparator=more)
            )
        elif slot == "dates":
            fields.setdefault(slot, []).append(DateValue(**plain, iso=None))
        elif slot == "part_of":
            parent = next(item for item in before if item.programme.text == words)
            fields["part_of"] = PartOf(text=words, practice=parent.id)
        else:
            fields.setdefault(slot, []).append(Value(**plain, concept=concepts.get(words)))
    if "programme" not in fields:
        return None
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    return Practice(id=name, identity=derived_iri("practice", *path, fields["programme"].text), **fields)


def realistic() -> list[tuple[ArticleRecord, str]]:
    """60 practices in 15 regions: a brand and three classes in each; the last article is a repost of the first."""
    concepts = {word: derived_iri("concept", word) for word in (*FORMATS, *AUDIENCES, *TOPICS)}
    told = []
    for number, path in enumerate(PLACES):
        pick = _Picker(number)
        lines = [f"{path[-1]}：小课堂办到家门口"]
        brand = NAMES[number % len(NAMES)]
        lines.append(
            f"今年以来，{{region:{path[-1]}}}打造“{{programme:{brand}}}”品牌，采取{{formats:{pick(FORMATS)}}}、"
            f"{{formats:{pick(FORMATS)}}}等方式，面向{{audiences:{pick(AUDIENCES)}}}开展{{topics:{pick(TOPICS)}}}，"
            f"已{{outcomes:举办{number + 3}场}}，{{outcomes:累计{120 + 37 * number}余人次参加}}。"
        )
        for child in range(3):
            name = NAMES[(number * 5 + child * 7 + 3) % len(NAMES)] + ("" if child == 0 else f"第{child + 1}班")
            lines.append(
                f"作为“{{part_of:{brand}}}”的一部分，{{organisers:{path[-1]}党工委}}联合{{partners:{pick(PARTNERS)}}}，"
                f"在{{region:{path[-1]}}}开设“{{programme:{name}}}”，通过{{formats:{pick(FORMATS)}}}向"
                f"{{audiences:{pick(AUDIENCES)}}}讲{{topics:{pick(TOPICS)}}}，{{outcomes:培训骨干{8 + child}名}}。"
            )
        told.append(
            marked(
                "\n".join(lines),
                file=f"{number:03d}.txt",
                publisher=f"{path[-2]}融媒体中心",
                published=f"2023-{number % 12 + 1:02d}-15",
                path=path,
                concepts=concepts,
            )
        )
    record, text = told[0]
    told.append(
        (record.model_copy(update={"file": "repost.txt", "publisher": "某日报", "duplicate_of": record.file}), text)
    )
    return told


def generated(practices: int = 1000, seed: int = 7) -> list[tuple[ArticleRecord, str]]:
    """A big graph (about three nodes a practice), features with a long tail, four practices an article."""
    pick = _Picker(seed)
    told = []
    for number in range(practices // 4):
        path = (*PLACES[number % len(PLACES)][:-1], f"第{number % 150}街道")
        lines = [f"{path[-1]}：第{number}篇"]
        for child in range(4):
            name = f"{pick(NAMES)}{number}之{child}"
            form, group, theme, helper = (pick.tail(*tail) for tail in TAILS)
            lines.append(
                f"{{region:{path[-1]}}}开办“{{programme:{name}}}”，采取{{formats:{form}}}，向{{audiences:{group}}}讲"
                f"{{topics:{theme}}}，请{{partners:{helper}}}，{{outcomes:举办{pick.number(90) + 2}场}}。"
            )
        told.append(marked("\n".join(lines), file=f"g{number:05d}.txt", path=path, published="2024-05-01"))
    return told


class _Picker:
    """A small repeatable source of choices (a linear congruence; nothing depends on ``random``)."""

    def __init__(self, seed: int) -> None:
        self.state = seed * 7919 + 104729

    def number(self, below: int) -> int:
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return (self.state >> 8) % below

    def __call__(self, words: list[str]) -> str:
        return words[min(self.number(len(words)), self.number(len(words)))]

    def tail(self, word: str, size: int) -> str:
        return f"{word}{min(self.number(size), self.number(size), self.number(size))}"
