"""Web pages: which blocks are the article, and that spans lead into the source."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_samples import BODY, FIRST, SECOND, THIRD, TITLE

from kg.errors import InputError
from kg.model.article import Article
from kg.read import read_article
from kg.read.formats.markup import parse_page

GOVERNMENT = f"""<html><head><meta charset="gb2312"><title>{TITLE}_镇街动态_青禾县人民政府</title>
<meta name="PubDate" content="2024-05-06 10:00"><meta name="ContentSource" content="青禾发布">
<style>p{{color:red}}</style>
<script>var a = 1;</script> </head>
<body><div class="nav"><a href="/">首页</a><a href="/b">政务公开</a></div>
<div class="bread">您的位置：<a href="/">首页</a> &gt; <a href="/c">镇街动态</a></div>
<div class="main"><div class="tit">{TITLE}</div>
<div class="info">浏览次数：<script>document.write("，，。<p>假</p>")</script></div>
<div id="zoom"><p>　　{FIRST}</p><p align=center><img src=a.jpg></p>
<p>松岭镇供图</p><p>&emsp;&emsp;{SECOND}<br/>{THIRD}</p></div>
<div class="share">分享到：</div></div>
<div class="footer">主办：青禾县，电话：0570-1234567，地址：某路1号。</div></body></html>"""
PORTAL = f"""<head><title>{TITLE}--青禾频道--某某网</title></head><h3>基层故事</h3><h1>{TITLE}</h1>
<div>2024年05月06日08:12&nbsp;&nbsp;来源：<a href="#">青禾发布</a></div><div class="box"><p>{FIRST[:20]}
   {FIRST[20:]}</p><p>{SECOND}<p>{THIRD}</div><div>(责编：林小溪、周大川)</div>
<ul><li><a>相关，新闻。一二三四五六七八九十</a></ul>"""
MESSENGER = f"""<html><head><meta property="og:title" content="{TITLE}"><title></title></head>
<body><h1 id="activity-name">
{TITLE}
</h1><div><span>原创</span> <a>青禾发布</a> <em>2024-05-06 18:00</em></div>
<div id="js_content" style="visibility: hidden;"><section><section><span>{FIRST}</span></section></section>
<section><p><b>{SECOND[:5]}</b>{SECOND[5:]}</p></section><section>{THIRD}</section></div><div>预览时标签不可点</div></body></html>"""
TABLE = f"""<table><tr><td align=center><font size=5><b>{TITLE}</b></font><tr><td>来源：青禾发布　发布时间：2024/5/6
<tr><td><p>{FIRST}<p>{SECOND}<p>{THIRD}</table><div>版权所有：青禾县</div>"""


def read(tmp_path: Path, source: str, encoding: str = "utf-8") -> Article:
    path = tmp_path / "page.html"
    path.write_bytes(source.encode(encoding))
    return read_article(path)


@pytest.mark.parametrize(
    "source", [GOVERNMENT, PORTAL, MESSENGER, TABLE], ids=["government", "portal", "messenger", "table"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_pages(tmp_path: Path, source: str, encoding: str) -> None:
    article = read(tmp_path, source, encoding)
    assert article.text.split("\n") == [TITLE, *BODY]
    assert (article.title, article.publisher, article.published) == (TITLE, "青禾发布", "2024-05-06")
    assert (article.original, article.encoding, article.media_type) == (source, encoding, "text/html")
    for line in article.text.split("\n"):
        at = article.text.index(line)
        first, last = article.offsets.span(at, at + len(line))
        assert source[first] == line[0]
        assert source[last - 1] == line[-1]


def test_the_title_of_the_head_is_used_where_the_page_has_none(tmp_path: Path) -> None:
    article = read(
        tmp_path, f"<html><head><title>夜校开课 - 青禾新闻网</title></head><body><div>{FIRST}</div></body></html>"
    )
    assert article.text == f"夜校开课\n{FIRST}"
    assert article.original[slice(*article.offsets.span(0, 4))] == "夜校开课"


def test_an_entity_is_one_character_of_several(tmp_path: Path) -> None:
    article = read(tmp_path, f"<h1>夜校&ldquo;开课&#8221;</h1><p>{FIRST}</p>")
    at = article.text.index("“")
    assert article.original[slice(*article.offsets.span(at, at + 1))] == "&ldquo;"
    assert article.text.startswith("夜校“开课”\n")


def test_a_page_saved_from_the_messenger_names_its_account_and_day(tmp_path: Path) -> None:
    badge = '<span id="copyright_logo">原创</span><a href="#" id="js_name"> 青禾发布 </a><em id="publish_time"></em>'
    body = f'<div><h1>{TITLE}</h1><div>{badge}</div><div id="js_content"><p>{FIRST}</p><p>{SECOND}</p></div></div>'
    site = '<meta property="og:site_name" content="微信公众平台">'
    article = read(tmp_path, f"{site}{body}<script>var createTime = '2024-05-06 08:00';</script>")
    assert (article.publisher, article.published, article.title) == ("青禾发布", "2024-05-06", TITLE)


LINKED = """{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "某某网", "publisher": {"name": "某某网"}},
{"@type": "NewsArticle", "headline": "题目\n两行", "datePublished": "2024-05-06T08:00", "publisher": {"@type": "Organization",
"name": "青禾发布"}, "author": [{"name": "林小溪"}, {"name": "周大川"}]}]}"""


def test_linked_data_names_publisher_author_and_day(tmp_path: Path) -> None:
    body = f"<h1>{TITLE}</h1><div class=a><p>{FIRST}</p><p>{SECOND}</p></div>"
    article = read(tmp_path, f'<script type="application/ld+json">{LINKED}</script>{body}')
    assert (article.publisher, article.author, article.published) == ("青禾发布", "林小溪、周大川", "2024-05-06")
    broken = read(tmp_path, f'<script type="application/ld+json">{LINKED[:-3]}</script>{body}')
    assert (broken.publisher, broken.published) == (None, "2024-05-06")


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://a.example/c/2024-05/06/content_1.htm">',
        "<!-- saved from url=(0045)https://a.example/qh/202405/t20240506_12.html -->",
        '<meta property="og:url" content="https://a.example/news/2024/05/06/1.html?from=20230101">',
    ],
)
def test_the_address_gives_the_day_that_nothing_else_does(tmp_path: Path, head: str) -> None:
    body = f"<h1>{TITLE}</h1><div class=a><p>{FIRST}</p><p>{SECOND}</p></div>"
    article = read(tmp_path, head + body)
    assert (
        article.published == "2024-05-06" and article.url is not None and article.url.startswith("https://a.example/")
    )
    assert read(tmp_path, f'<meta name="pubdate" content="2024-05-07">{head}{body}').published == "2024-05-07"


def test_links_of_a_page_name_nobody_and_pictures_have_no_day(tmp_path: Path) -> None:
    body = f"<h1>{TITLE}</h1><div class=a><p>{FIRST}</p><p>{SECOND}</p></div>"
    links = '<link rel="publisher" href="https://b.example/1"><link rel="author" href="mailto:a@b.example">'
    logo = '<meta itemprop="url" content="https://a.example/2019/01/02/logo.png">'
    relative = '<link rel="canonical" href="/2024/05/06/a.html">'
    article = read(tmp_path, f'{links}{logo}{relative}<meta property="og:site_name" content="青禾发布">{body}')
    assert (article.publisher, article.author, article.published, article.url) == ("青禾发布", None, None, None)
    whole = '<link rel="canonical" href="https://a.example/2024/05/06/a.html">'
    assert read(tmp_path, logo + whole + body).published == "2024-05-06"


def test_the_name_of_the_site_is_no_part_of_the_title(tmp_path: Path) -> None:
    page = f'<meta property="og:title" content="{TITLE}_镇街动态_青禾网"><div><p>{FIRST}</p><p>{SECOND}</p></div>'
    assert read(tmp_path, page).title == TITLE


def test_a_page_without_its_text_is_no_article(tmp_path: Path) -> None:
    for shell in ("<frameset><frame src='a.html'></frameset>", "<div id=app></div><script>load()</script>"):
        with pytest.raises(InputError, match=r"a title and no text.*save the page again"):
            read(tmp_path, f"<title>{TITLE}</title>{shell}")


def test_script_in_a_title_stays_text(tmp_path: Path) -> None:
    article = read(tmp_path, f"<title>&lt;script&gt;alert(1)&lt;/script&gt;</title><p>{FIRST}</p><p>{SECOND}</p>")
    assert article.title == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "source",
    [
        "<" * 2000,
        '<a "' * 2000,
        "<div>" * 2000 + "字",
        "<b></i>" * 500,
        "<!--" * 500,
        "<script>" * 500,
        "<p a='>" * 500,
        "</p>" * 500,
    ],
)
def test_broken_pages_are_parsed(source: str) -> None:
    page = parse_page(source)
    places = [span for block in page.blocks for span in block.spans]
    assert places == sorted(places)
    assert all(0 <= a < b <= len(source) for a, b in places)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("青禾日报数字报", "<h1>{}</h1>"),
        ("青禾日报数字报", "<div class='title'>{}</div>"),
        ("青禾日报数字报-{}", "<h1>{}</h1>"),
        ("青禾县人民政府 镇街动态 {}", "<h2>{}</h2>"),
        ("{}_青禾县人民政府", "<h1>青禾日报</h1><p>{}</p>"),
    ],
)
def test_a_title_that_names_the_site_is_not_the_articles(tmp_path: Path, title: str, headline: str) -> None:
    body = f"<div>日期：2024-05-06</div><div><p>{FIRST}</p><p>{SECOND}</p></div>"
    page = f"<head><title>{title.format(TITLE)}</title></head><body>{headline.format(TITLE)}{body}</body>"
    article = read(tmp_path, page)
    assert article.title == TITLE
    assert article.text == "\n".join([TITLE, FIRST, SECOND])
