"""The forms of a place's name: official, short, and as the lists of villages write it."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

__all__ = ["plain_township", "plain_village", "short_forms", "village_key"]

_REGIONS = {"内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "西藏自治区": "西藏"} | {
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
_ZONE_WORDS = (
    ("高新技术产业开发区", ("高新技术开发区", "高新区")),
    ("高技术产业开发区", ("高新区",)),
    ("高新技术开发区", ("高新区",)),
    ("高新技术产业园区", ("高新区",)),
    ("经济技术开发区", ("经济开发区", "经开区", "开发区")),
    ("经济开发区", ("经开区", "开发区")),
    ("城乡一体化示范区", ("示范区",)),
    ("航空港经济综合实验区", ("航空港区",)),
)
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_VILLAGE_BODIES = re.compile(r"(?:村民委员会|村委会|村委)$")
_COMMUNITY_BODIES = re.compile(r"(?:居民委员会|居委会|居委)$")
_OTHER_BODIES = re.compile(r"(?:委员会|委会)$")
_VILLAGE_END = re.compile(r"(?:社区|居委会|村|嘎查)$")


@lru_cache(maxsize=1)
def _peoples() -> str:
    text = resources.files(__package__).joinpath("peoples.txt").read_text(encoding="utf-8")
    return "|".join(line for line in text.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _autonomous() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Autonomous prefecture, county, banner; and township or town of a people (the stem is group 1)."""
    peoples = rf"(?:(?:{_peoples()})族)*(?:{_peoples()})族?"  # before the last 族 is never left out: 长白 in 长白朝鲜族
    return (
        re.compile(rf"(.+?){peoples}自治(州|县|旗)"),
        re.compile(rf"(.+?)(?:(?:{_peoples()})族)*(?:(?:{_peoples()})族?|民族)(乡|镇)"),
    )


def short_forms(name: str, level: str) -> tuple[str, ...]:
    """The short forms that texts use for an official name, the name itself not among them.

    A short form has at least two characters. Of townships only peoples' names and 办事处 are left out: 双福 for
    双福街道 is not safe.

    >>> short_forms("积石山保安族东乡族撒拉族自治县", "county")
    ('积石山县', '积石山')
    >>> short_forms("合肥市", "prefecture"), short_forms("沧县", "county"), short_forms("融水苗族自治县", "county")
    (('合肥',), (), ('融水县', '融水'))
    """
    forms: list[str] = []
    if level == "township":  # first: there are 42,000
        if not name.endswith(("族乡", "族镇", "民族乡")):
            return ()
        match = _autonomous()[1].fullmatch(name)
        forms = [match[1] + match[2]] if match else []
    elif level == "province":
        forms = [_REGIONS.get(name) or re.sub("(?:省|市|特别行政区)$", "", name)]
    elif level in ("prefecture", "county"):
        if name.endswith(("自治州", "自治县", "自治旗")):
            match = _autonomous()[0].fullmatch(name)
            stem, kind = (match[1], match[2]) if match else (name[:-3].removesuffix("族"), name[-1])
            forms = [stem + kind, stem]
        else:
            forms = [re.sub("(?:地区|林区|特区|盟|市|县|区|旗)$", "", name)]
    elif level == "zone":
        for ending, shorter in _ZONE_WORDS:
            if name.endswith(ending):
                forms = [name[: -len(ending)] + word for word in shorter]
                break
    return tuple(dict.fromkeys(form for form in forms if len(form) >= 2 and form != name))


def plain_township(name: str) -> str:
    """A street's name without the words for its office: 西城街道办事处 is 西城街道.

    >>> plain_township("西城街道办事处"), plain_township("三星镇（叠石桥家纺产业园区）")
    ('西城街道', '三星镇')
    """
    plain = _BRACKETS.sub("", name).strip() or name
    plain = re.sub("街道办事处(?:街道)?$", "街道", plain)
    return re.sub("(街道|镇|乡|地区)办事处$", r"\1", plain)


def plain_village(name: str, *, village_code: bool = True) -> str:
    """A village's or community's name as people write it, from the name of its committee.

    ``village_code`` says whether the statistical code counts it as a village (201 and above), which decides where the
    name does not.

    >>> plain_village("多福巷社区居委会"), plain_village("廉江居委会"), plain_village("大湾村村民委员会")
    ('多福巷社区', '廉江社区', '大湾村')
    >>> plain_village("新村村委会"), plain_village("内冲村委会"), plain_village("团结村社区居委会")
    ('新村', '内冲村', '团结村社区')
    """
    plain = _BRACKETS.sub("", name).strip() or name
    for body, ending in ((_VILLAGE_BODIES, "村"), (_COMMUNITY_BODIES, "社区")):
        stem = body.sub("", plain)
        if stem and stem != plain:
            return stem if stem.endswith((ending, "社区", "嘎查")) else stem + ending
    stem = _OTHER_BODIES.sub("", plain)
    if stem and stem != plain:
        return stem if stem.endswith(("社区", "村", "嘎查")) else stem + ("村" if village_code else "社区")
    return plain


def village_key(name: str) -> str:
    """The part of a village's name that stays when a village becomes a community: 联丰 of 联丰村 and 联丰社区."""
    return _VILLAGE_END.sub("", name) or name
