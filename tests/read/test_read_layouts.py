"""Layouts of text files as they are collected: what is taken as title, body and metadata, and what is dropped."""

from __future__ import annotations

import pytest
from read_samples import BODY, FIRST, SECOND, THIRD, TITLE

from kg.read import article_from_text

CLEAN = "\n".join([TITLE, *BODY])

ASKED = "题目：谁来管楼道？居民在会上讨论了两个小时，提出意见三十条。"

LAYOUTS = {
    "messenger": [
        TITLE,
        "原创 林小溪 青禾发布 2024-05-06 18:00 浙江",
        "点击蓝字 关注我们",
        FIRST,
        "▲农技员在讲修枝",
        SECOND,
        THIRD,
        "编辑：林小溪",
        "审核：周大川",
        "预览时标签不可点",
        "微信扫一扫",
        "关注该公众号",
    ],
    "government": [
        "青禾县人民政府门户网站",
        "首页",
        "走进青禾",
        "政务公开",
        "当前位置：首页>镇街动态>松岭镇",
        TITLE,
        "发布日期：2024-05-06 浏览次数：125 信息来源：青禾发布 字号：[大 中 小]",
        *BODY,
        "【打印本页】 【关闭窗口】",
        "上一篇：某镇开展义诊",
        "下一篇：没有了",
        "主办单位：青禾县人民政府办公室",
        "网站标识码：1234567890",
    ],
    "newspaper": ["青禾发布 2024年05月06日 第03版：基层", TITLE, "□ 本报记者 林小溪 通讯员 周大川", *BODY],
    "form": [f"标题：{TITLE}", "来源：青禾发布", "日期：2024-05-06", f"正文： {FIRST}", SECOND, THIRD],
    "bar": [
        TITLE,
        "时间：2024/5/6 09:30 | 来源：青禾发布 | 浏览量：20 |字号：",
        *BODY,
        "分享到：",
        "打印此页|关闭窗口",
    ],
    "disclaimer": [
        "欢迎访问某某网！",
        TITLE,
        "来 源：青禾发布 2024.5.6",
        *BODY,
        "[免责声明] 本文来源于网络，仅供学习。",
        "本站部分信息由用户提供，该信息的真实性由用户负责，本站对此不承担保证责任。",
        "联系电话：010-12345678",
    ],
    "captions": [
        TITLE,
        "2024年5月6日 来源：青禾发布",
        "夜校开课。某某街道供图",
        "夜校开课。某某街道供图",
        FIRST,
        "图为夜校现场。",
        SECOND,
        "林小溪 摄",
        THIRD,
        "（责编：林小溪、周大川）",
        "新媒体矩阵",
        "• 某某频道公众号某某频道公众号",
    ],
    "account": [TITLE, "青禾发布", "2024-05-06 18:30", "发布于：浙江省", *BODY],
    "account-badge": [TITLE, "原创 松岭小编 青禾发布", "2024年5月6日 18:30 浙江", *BODY],
    "author-alone": [TITLE, "林小溪", "2024-05-06 来源：青禾发布", *BODY],
    "paper": ["青禾发布 2024年05月06日 星期一", "第A03版：城事", TITLE, "□青禾日报记者 林小溪", *BODY],
    "register": [
        "索引号：00712",
        "发文机关：青禾发布",
        "成文日期：2024-04-30",
        "发布日期：2024-05-06",
        f"名  称：{TITLE}",
        *BODY,
    ],
    "changed": [TITLE, "更新时间：2024-06-01 来源：青禾发布 发布时间：2024-05-06", *BODY],
    "signed": [TITLE, *BODY, "信息来源：青禾发布", "二〇二四年五月六日"],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n\u3000\u3000"])
def test_furniture_is_dropped_and_metadata_taken(layout: str, gap: str) -> None:
    article = article_from_text(gap.join(LAYOUTS[layout]))
    assert article.text == CLEAN
    assert (article.title, article.publisher, article.published) == (TITLE, "青禾发布", "2024-05-06")
    assert article.title_span == (0, len(TITLE))


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["田间夜校亮起灯", "——松岭镇把课堂搬到果园", "2024-05-06", *BODY], "田间夜校亮起灯——松岭镇把课堂搬到果园"),
        (["松岭镇把课堂搬到果园里", "田间夜校亮起灯", "2024-05-06", *BODY], "松岭镇把课堂搬到果园里 田间夜校亮起灯"),
        (
            ["社区食堂开张啦！老人吃上热乎饭，居民都说好，邻居也来了", "2024-05-06", *BODY],
            "社区食堂开张啦！老人吃上热乎饭，居民都说好，邻居也来了",
        ),
        (["青禾网", "田间夜校亮起灯", "2024-05-06", *BODY], "田间夜校亮起灯"),
        (["松岭镇把课堂搬到果园里", "文明青禾", "2024-05-06", *BODY], "松岭镇把课堂搬到果园里"),
        (["松岭镇的果园夜校", "受访人：林小溪，松岭镇干部", "2024-05-06", *BODY], "松岭镇的果园夜校"),
        (["文化进果园 夜校亮起灯", *BODY], "文化进果园 夜校亮起灯"),
        (BODY, None),
        ([FIRST], None),
        (["一、办在地头", *BODY], None),
    ],
)
def test_title(lines: list[str], title: str | None) -> None:
    assert article_from_text("\n".join(lines)).title == title


def test_the_body_is_kept_whole() -> None:
    body = [
        FIRST,
        "一、办在地头",
        "时间：5月6日晚7点",
        "地点：松岭村文化礼堂",
        "2024年3月",
        SECOND,
        "松岭村：320人",
        THIRD,
        FIRST,
    ]
    assert article_from_text("\n".join([TITLE, *body])).text == "\n".join([TITLE, *body])


def test_questions_of_an_interview_stay_and_name_no_author() -> None:
    body = ["记者：“果园夜校”办了多久？", FIRST, "记者：请说说成效。", "通讯员：说得好！", SECOND, THIRD]
    article = article_from_text("\n".join([TITLE, "来源：青禾发布 2024-05-06", *body]))
    assert article.text == "\n".join([TITLE, *body])
    assert article.author is None


def test_the_paper_beside_an_author_is_no_author() -> None:
    article = article_from_text("\n".join([TITLE, "□青禾日报记者 林小溪 通讯员 周大川", "2024-05-06", *BODY]))
    assert article.author == "林小溪、周大川"


def test_a_dateline_stays_and_names_the_author() -> None:
    text = f"{TITLE}\n本报青禾5月6日讯（记者 林小溪 通讯员 周大川）{FIRST}\n{THIRD}"
    article = article_from_text(text)
    assert article.text == text
    assert article.author == "林小溪、周大川"


@pytest.mark.parametrize(
    ("ending", "author"),
    [
        ("（撰稿：林小溪）", "林小溪"),
        ("(林小溪)", "林小溪"),
        ("（记者 林小溪 通讯员 周大川）", "林小溪、周大川"),
        ("（青禾晨报记者 林小溪）", "林小溪"),
        ("（江畔融媒 林小溪）", "林小溪"),
        ("（作者：林小溪 系青禾县委书记）", "林小溪"),
        ("（作者系青禾县委党校讲师）", None),
        ("（完）", None),
    ],
)
def test_an_author_behind_the_last_sentence(ending: str, author: str | None) -> None:
    article = article_from_text("\n".join([TITLE, FIRST, THIRD + ending]))
    assert article.text.endswith(THIRD)
    assert article.author == author


def test_other_brackets_behind_the_last_sentence_stay() -> None:
    assert article_from_text(f"{TITLE}\n{THIRD}（含自然村）").text.endswith("（含自然村）")


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2025-10", "2025-10"),
        ("2024年5月6日", "2024-05-06"),
        ("2024/5/6", "2024-05-06"),
        ("2024.05.06 08:12", "2024-05-06"),
        ("发布时间：2024-05-06T10:11:12", "2024-05-06"),
        ("日期：20240506", "2024-05-06"),
        ("2024年05月06日10:54", "2024-05-06"),
        ("二〇二四年五月十六日", "2024-05-16"),
        ("2024年2月31日", None),
    ],
)
def test_dates(line: str, published: str | None) -> None:
    assert article_from_text("\n".join([TITLE, line, *BODY])).published == published


@pytest.mark.parametrize("source", ["佚名", "网络", "", "本站"])
def test_a_source_that_names_nobody(source: str) -> None:
    assert article_from_text("\n".join([TITLE, f"来源：{source} 2024-05-06", *BODY])).publisher is None


def test_wrapped_lines_are_joined_to_paragraphs() -> None:
    text = FIRST + SECOND + THIRD
    wrapped = "\n".join(text[i : i + 20] for i in range(0, len(text), 20))
    assert article_from_text(f"\u3000\u3000{wrapped}").text == text


def test_keywords_fill_in_what_the_text_does_not_say() -> None:
    article = article_from_text(
        FIRST, title="夜校", publisher="某某报", published="2024年5月6日", url="https://example.org/a"
    )
    assert (article.title, article.publisher, article.published) == ("夜校", "某某报", "2024-05-06")
    assert (article.text, article.title_span, article.url) == (FIRST, None, "https://example.org/a")


def test_the_link_to_the_original_becomes_the_address() -> None:
    article = article_from_text("\n".join([TITLE, *BODY, "原文链接：https://example.org/a.html"]))
    assert article.url == "https://example.org/a.html"
    assert article.text == CLEAN


@pytest.mark.parametrize(
    ("line", "publisher", "published", "author"),
    [
        ("《某某支部生活》2024年第9期　基层经纬", "某某支部生活", "2024-09", None),
        ("《某某支部生活》2024年第12期（总第1206期）　作者：林　溪", "某某支部生活", "2024-12", "林溪"),
        ("《某某周刊》2024年第38期", "某某周刊", None, None),
        (
            "青禾县融媒体中心记者 林小溪 通讯员 周大川 | 2025-01-16 09:30",
            "青禾县融媒体中心",
            "2025-01-16",
            "林小溪、周大川",
        ),
        ("来源：青禾晨报全媒体记者 林小溪  2023-04-11", "青禾晨报", "2023-04-11", "林小溪"),
        ("来源：本报记者 林小溪  2023-04-11", None, "2023-04-11", "林小溪"),
        ("青禾晨报/2023年/4月/11日/第003版", "青禾晨报", "2023-04-11", None),
        ("青禾财经 2023-08-30 07:55 编辑：林　溪", "青禾财经", "2023-08-30", None),
        ("青禾晨报　2023-04-11　08:20　来源：青禾晨报　我要评论(3)", "青禾晨报", "2023-04-11", None),
        ("林小溪 2023-04-11 08:20", None, "2023-04-11", None),
    ],
)
def test_lines_of_metadata(line: str, publisher: str | None, published: str | None, author: str | None) -> None:
    article = article_from_text("\n".join([TITLE, line, *BODY]))
    assert article.text == CLEAN
    assert (article.publisher, article.published, article.author) == (publisher, published, author)


@pytest.mark.parametrize(
    ("line", "publisher", "published"),
    [
        ("青禾纪事 2024-05-06", "青禾纪事", "2024-05-06"),
        ("青禾纪事　　2024-05-06　09:30", "青禾纪事", "2024-05-06"),
        ("青禾纪事｜2024/5/6", "青禾纪事", "2024-05-06"),
        ("青禾纪事 | 2024-05-06 09:30", "青禾纪事", "2024-05-06"),
        ("2024年5月6日 青禾纪事", "青禾纪事", "2024-05-06"),
        ("2024年5月6日 09:30　青禾纪事", "青禾纪事", "2024-05-06"),
        ("二〇二四年五月六日　青禾纪事", "青禾纪事", "2024-05-06"),
        ("《青禾纪事》 2024-05-06 星期一 第3版", "青禾纪事", "2024-05-06"),
        ("青禾大地广播消息 2024-05-06", "青禾大地广播", "2024-05-06"),
        ("松岭镇供稿 2024-05-06", None, "2024-05-06"),
        ("发布时间 2024-05-06", None, None),
        ("青禾纪事 松岭专刊 2024-05-06", None, None),
        ("青禾纪事 2023-05-06 2024-05-06", None, None),
        ("松岭夜校已经办了整整三个年头还要再办 2024-05-06", None, None),
        ("2024年5月6日 第二版·镇村新闻", None, "2024-05-06"),
        ("林小溪 2024-05-06", None, None),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_name_and_a_date_below_the_title_are_publisher_and_day(
    line: str, publisher: str | None, published: str | None, gap: str
) -> None:
    article = article_from_text(gap.join([TITLE, line, *BODY]))
    assert (article.title, article.publisher, article.published) == (TITLE, publisher, published)
    # Metadata with an hour is no part of the text; without, the line could be a heading and stays where it is.
    assert article.text in (CLEAN, "\n".join([TITLE, line.replace("\u3000", " "), *BODY]))


@pytest.mark.parametrize("line", ["青禾纪事　2024-05-06", "2024年5月6日｜青禾纪事"])
def test_a_name_and_a_date_above_the_title_are_no_title(line: str) -> None:
    article = article_from_text("\n".join([line, TITLE, *BODY]))
    assert (article.title, article.publisher, article.published) == (TITLE, "青禾纪事", "2024-05-06")
    assert article.text == CLEAN


def test_what_a_label_says_goes_before_a_name_beside_the_title() -> None:
    lines = [TITLE, "松岭纪事 2024-05-01", "来源：青禾发布 发布时间：2024-05-06", *BODY]
    article = article_from_text("\n".join(lines))
    assert (article.title, article.publisher, article.published) == (TITLE, "青禾发布", "2024-05-06")


def test_a_name_and_a_date_within_the_text_stay_a_heading() -> None:
    body = [FIRST, "青禾纪事 2024-05-06", SECOND, THIRD]
    article = article_from_text("\n".join([TITLE, *body]))
    assert article.text == "\n".join([TITLE, *body])
    assert (article.publisher, article.published) == (None, None)


def test_an_official_document_is_titled_by_its_matter() -> None:
    title = "关于举办冬季果树管护夜校的通知"
    lines = [
        "青禾县松岭镇人民政府",
        title,
        "各村：",
        *BODY,
        "青禾县松岭镇人民政府",
        "2024年11月28日",
        "（此件公开发布）",
    ]
    article = article_from_text("\n".join(lines))
    assert (article.title, article.publisher, article.published) == (title, "青禾县松岭镇人民政府", "2024-11-28")
    assert article.text.startswith("\n".join([title, "各村：", *BODY]))


def test_a_bulletin_has_no_number_in_its_title() -> None:
    article = article_from_text("\n".join([TITLE, "基层工作简报　第17期", "青禾县委组织部　　2023年11月20日", *BODY]))
    assert (article.text, article.publisher, article.published) == (CLEAN, "青禾县委组织部", "2023-11-20")


def test_a_label_within_the_text_is_the_texts_own() -> None:
    article = article_from_text(
        "\n".join([f"标题：{TITLE}", "来源：青禾发布 2024-05-06", f"正文：{FIRST}", ASKED, THIRD])
    )
    assert article.text == "\n".join([TITLE, FIRST, ASKED, THIRD])
