"""Pages as browsers save them: what of them is the article, where much else stands on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_samples import BODY, FIRST, SECOND, THIRD, TITLE

from kg.model.article import Article
from kg.read import read_article

PARAGRAPHS = "".join(f"<p>　　{line}</p>\n" for line in BODY)
INFO = "<div class=info>来源：青禾日报　2024-05-06 10:00</div>"
TEASER = "另一篇报道说，雨水来得早，山上的茶园比往年早了十天开采，采茶的队伍从清晨排到了山脚。"


def read(tmp_path: Path, source: str) -> Article:
    path = tmp_path / "page.html"
    path.write_text(source, encoding="utf-8")
    article = read_article(path)
    for at, char in enumerate(article.text):
        first, last = article.offsets.span(at, at + 1)
        assert char in "\n " or first < last
    return article


def lines(article: Article) -> list[str]:
    return article.text.split("\n")


def test_comments_longer_than_the_article_are_none_of_it(tmp_path: Path) -> None:
    said = "".join(
        f"<li><p>第{n}位读者说，这样的课堂好，我们村里也想办，就是没有老师，怎么办？</p></li>" for n in range(30)
    )
    page = f"<h3>{TITLE}</h3>{INFO}<div class=main>{PARAGRAPHS}</div>"
    for mark in ("class='qh-comment'", "id=comments-box", "class='cmt list'"):
        article = read(
            tmp_path, f"<title>{TITLE}_青禾新闻网</title>{page}<div {mark}><h3>热门评论</h3><ul>{said}</ul></div>"
        )
        assert lines(article) == [TITLE, *BODY]


def test_a_column_of_comments_is_an_article(tmp_path: Path) -> None:
    page = f"<div class='comment'><h1>{TITLE}</h1>{INFO}{PARAGRAPHS}</div>"
    assert lines(read(tmp_path, f"<title>{TITLE}</title>{page}")) == [TITLE, *BODY]


def test_a_wrapper_with_an_odd_name_holds_the_article_and_not_what_is_beside_it(tmp_path: Path) -> None:
    beside = f"<div class=related><p>{TEASER}</p></div>"
    page = f"<div class='hot-detail'><h1>{TITLE}</h1>{INFO}<div class=box>{PARAGRAPHS}</div>{beside}</div>"
    assert lines(read(tmp_path, f"<title>{TITLE}</title>{page}")) == [TITLE, *BODY]


def test_a_head_that_is_never_closed_ends_where_the_text_begins(tmp_path: Path) -> None:
    menu = f"<nav><p>{TEASER}{TEASER}</p></nav>"
    page = f"<html><head><title>{TITLE}</title><meta charset=utf-8><div>{menu}<h1>{TITLE}</h1>{INFO}{PARAGRAPHS}</div>"
    assert lines(read(tmp_path, page)) == [TITLE, *BODY]


def test_a_stray_quotation_mark_in_a_tag_hides_nothing(tmp_path: Path) -> None:
    head = f"""<head><meta name="keywords" content="<meta name=" author "=""><title>{TITLE}</title>
<script>show("<p>您的浏览器太旧，请升级，升级以后再来，谢谢。</p>");</script></head>"""
    page = (
        f"""<html>{head}<body><div><h1>{TITLE}</h1><p it's>{FIRST}</p><p>{SECOND}</p><p title="a>b">{THIRD}</p></div>"""
    )
    assert lines(read(tmp_path, page)) == [TITLE, *BODY]


@pytest.mark.parametrize(
    ("info", "publisher", "author"),
    [
        ('2024-05-06 10:00　来源: <a href="#">青禾日报</a>\n  <a href="#">举报</a>', "青禾日报", None),
        ("2024-05-06 10:00<span>来源：青禾日报</span><span>作者：林小溪</span>", "青禾日报", "林小溪"),
        ("<span>来源：青禾日报</span><span>2024-05-06 10:00</span><span>点击：</span><i>123</i>", "青禾日报", None),
        ("<b>来</b><b>源</b>：青<em>禾</em>日报 2024-05-06 10:00", "青禾日报", None),
    ],
)
def test_fields_beside_each_other_are_parted(tmp_path: Path, info: str, publisher: str, author: str | None) -> None:
    article = read(tmp_path, f"<h1>{TITLE}</h1><div>{info}</div><div>{PARAGRAPHS}</div>")
    assert (article.publisher, article.author, article.published) == (publisher, author, "2024-05-06")
    assert lines(article) == [TITLE, *BODY]


def test_lists_of_other_articles_are_left_out_with_what_heads_them(tmp_path: Path) -> None:
    links = "<li><a href=#>茶园比往年早开采十天</a></li><li><a href=#>水渠修到了家门口</a></li>"
    beside = f"<div><h1>重点推荐</h1><ul>{links}</ul><b>松岭要闻</b><ul>{links}</ul></div>"
    page = f"<h1>{TITLE}</h1>{INFO}<div>{PARAGRAPHS}{beside}</div>"
    assert lines(read(tmp_path, f"<title>{TITLE}</title>{page}")) == [TITLE, *BODY]


def test_the_town_of_the_newsroom_is_no_part_of_the_publishers_name(tmp_path: Path) -> None:
    info = "<div>2024-05-06 10:00　来源: <a href=#>青禾日报</a>(松岭)</div>"
    assert read(tmp_path, f"<h1>{TITLE}</h1>{info}<div>{PARAGRAPHS}</div>").publisher == "青禾日报"


def test_label_and_value_in_two_cells_are_one_field(tmp_path: Path) -> None:
    cells = "<tr><td>发布机构：</td><td>青禾县松岭镇人民政府</td><td>成文日期：</td><td>2024年05月01日</td></tr>"
    table = f"<table>{cells}<tr><td>索 引 号：</td><td>1133/2024-00101</td><td>发布日期：</td><td>2024-05-06</td></tr></table>"
    head = '<meta name="SiteName" content="信息公开专栏">'
    article = read(tmp_path, f"{head}<title>{TITLE}</title>{table}<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>")
    assert (article.publisher, article.published) == ("青禾县松岭镇人民政府", "2024-05-06")
    assert lines(article) == [TITLE, *BODY]


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        ("{} 青禾网", "<h1>青禾网</h1><h2>{}</h2>"),
        ("{}-青禾,松岭,夜校 ——青禾网(旗下媒体)", "<div>{}</div>"),
        ("新闻动态--青禾学会官网", "<h3>新闻动态</h3><h5>{}</h5>"),
        ("青禾在线", "<h1>{}</h1>"),
    ],
)
def test_the_heading_is_told_from_the_name_of_the_site(tmp_path: Path, title: str, headings: str) -> None:
    source = f"<title>{title.format(TITLE)}</title>{headings.format(TITLE)}{INFO}<div>{PARAGRAPHS}</div>"
    article = read(tmp_path, source)
    assert (article.title, lines(article)) == (TITLE, [TITLE, *BODY])


def test_a_column_stays_with_its_headline(tmp_path: Path) -> None:
    title = f"青禾故事 | {TITLE}，乡亲门口学手艺"
    article = read(tmp_path, f"<title>{title}_青禾新闻网</title><div>{PARAGRAPHS}</div>")
    assert article.title == title


def test_a_title_broken_over_lines_is_said_once(tmp_path: Path) -> None:
    title = "青禾县人民政府关于在松岭镇办好田间夜校的通告"
    page = f"<div class=text><p>青禾县人民政府</p><p>关于在松岭镇办好</p><p>田间夜校的通告</p>{PARAGRAPHS}</div>"
    article = read(tmp_path, f"<title>{title}_青禾县人民政府</title>{page}")
    assert (article.title, lines(article)) == (title, [title, *BODY])


def test_the_article_ends_with_its_editors_line(tmp_path: Path) -> None:
    after = f"<div><h4>阅读下一篇</h4><a>茶园开采</a><p>{TEASER}</p></div>"
    page = f"<div><h1>{TITLE}</h1>{INFO}<div class=text>{PARAGRAPHS}<p>来源：青禾日报　责任编辑：林小溪</p></div></div>{after}"
    assert lines(read(tmp_path, f"<title>{TITLE}</title>{page}")) == [TITLE, *BODY]


def test_a_report_in_two_elements_is_read_whole(tmp_path: Path) -> None:
    page = f"<h1>{TITLE}</h1><div><div><p>{FIRST}</p><p>{SECOND}</p></div><div><p>{THIRD}{TEASER}</p></div></div>"
    assert lines(read(tmp_path, f"<title>{TITLE}</title>{page}")) == [TITLE, FIRST, SECOND, THIRD + TEASER]


def test_an_article_shown_twice_is_read_once(tmp_path: Path) -> None:
    wide = f"<h1>{TITLE}</h1><div class=info>发布日期：2024-05-06 10:00</div><div>{PARAGRAPHS}</div>"
    narrow = f"<h3>{TITLE}</h3><span>发布日期：2024-05-06 10:00</span><section>{PARAGRAPHS}</section>"
    article = read(tmp_path, f"<title>{TITLE}</title><div class=pc>{wide}</div><div class=wap>{narrow}</div>")
    assert lines(article) == [TITLE, *BODY]
    quoted = f"<div><h1>{TITLE}</h1><ul><li>{SECOND}</li></ul>{PARAGRAPHS}</div>"
    assert lines(read(tmp_path, f"<title>{TITLE}</title>{quoted}")) == [TITLE, SECOND, *BODY]


def test_days_behind_the_article_are_those_of_other_articles(tmp_path: Path) -> None:
    others = (
        "<ul><li><a>茶园开采</a><span>2023-01-02</span></li><li><a>水渠修好</a><span>2023-01-03 08:00</span></li></ul>"
    )
    page = f"<h1>{TITLE}</h1><div class=text>{PARAGRAPHS}</div>{others}"
    head = '<meta name="PubDate" content="2024-05-06">'
    assert read(tmp_path, f"{head}<title>{TITLE}</title>{page}").published == "2024-05-06"
    labelled = f"<h1>{TITLE}</h1><div class=text>{PARAGRAPHS}</div><div>发布日期：2024-05-06</div>"
    assert read(tmp_path, f"<title>{TITLE}</title>{labelled}").published == "2024-05-06"


@pytest.mark.parametrize(
    "script",
    [
        'var ct = "1714961400";',
        "var oriCreateTime = '1714961400';",
        "var createTime = '2024-05-06 10:10';",
        'var publish_time = "2024-05-06" || "";',
    ],
)
def test_the_day_of_a_page_saved_from_the_messenger_stands_in_its_scripts(tmp_path: Path, script: str) -> None:
    page = (
        f'<div class="rich_media_wrp"><h1 class="rich_media_title" id="activity-name">{TITLE}</h1><div id="meta_content">'
        '<span><a href="#" id="js_name">青禾发布</a><div style="display:none"><strong>青禾发布</strong><label>功能介绍</label>'
        '<span>青禾县委宣传部主管，说说县里的新鲜事，欢迎来看看。</span></div></span><em id="publish_time">昨天</em></div>'
        f'<div class="rich_media_content" id="js_content" style="visibility: hidden;"><section>{PARAGRAPHS}</section>'
        "<p>— END —</p><p>编辑：林小溪</p><p>↑↑↑长按识别二维码关注我们</p><p>点分享 点收藏 点在看</p></div></div>"
    )
    article = read(tmp_path, f"{page}<script>{script}</script>")
    assert (article.title, article.publisher, article.published) == (TITLE, "青禾发布", "2024-05-06")
    assert lines(article) == [TITLE, *BODY]
    assert read(tmp_path, f"<h1>{TITLE}</h1>{PARAGRAPHS}<script>var ct = '1714961400';</script>").published is None


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("大汉网络", None),
        ("name, email@a.example", None),
        ("青禾", None),
        ("Team and UI Team", None),
        ("林小溪", "林小溪"),
    ],
)
def test_the_site_or_its_software_is_no_author(tmp_path: Path, stated: str, author: str | None) -> None:
    head = f'<meta name="author" content="{stated}"><title>{TITLE}_青禾新闻</title>'
    assert read(tmp_path, f"{head}<div><h1>{TITLE}</h1>{INFO}{PARAGRAPHS}</div>").author == author


@pytest.mark.parametrize("line", ["作者：未知　责任编辑：林小溪", "作者最新文章"])
def test_lines_that_name_no_author(tmp_path: Path, line: str) -> None:
    article = read(tmp_path, f"<title>{TITLE}</title><div><h1>{TITLE}</h1>{PARAGRAPHS}</div><h2>{line}</h2>")
    assert (article.author, lines(article)) == (None, [TITLE, *BODY])
