"""What people write as HTML: plain elements, links that lead to the web or to a page of ours, and nothing that acts."""

from __future__ import annotations

import random
import re

import pytest
from corpus import TRAPS, strange_texts
from hypothesis import given
from hypothesis import strategies as st
from markup import parse

from planner.markdown import TAGS, markdown

XSS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<a href='javascript:x'>x</a>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "[x](//evil.example)", "[x](/\\evil.example)",
    "[x](\\\\evil.example)", "<javascript:alert(1)>", "![x](http://evil.example/x.png)", "![x](javascript:x)",
    "[x](http://a.example \"t\\\" onmouseover=alert(1) \")",
    "```<script>\nalert(1)\n```", "`<script>`", "<!-- x --><b>",
    "[x][y]\n\n[y]: javascript:alert(1)", "<iframe srcdoc='<script>x</script>'>", "<style>*{display:none}</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img>'>",
    "<form action=/x><button>", "<base href=//evil.example>", "<meta http-equiv=refresh content='0;url=//evil'>",
    "<span class=named>@Ann</span>", "<x onclick=alert(1)>", "\"><script>x</script>", "' onload=x '",
    "[a](http://a.example/\"onmouseover=\"x)", "<a href=\"&#x6A;avascript:x\">", "&lt;script&gt;", "\x00<script>",
)  # fmt: skip
SAFE = re.compile(r"^(https?://|mailto:|/(?![/\\]))", re.IGNORECASE)


def faults(html: str) -> list[str]:
    """What of it could do something, as a browser's parser reads it."""
    found = []
    for tag in parse(f"<div>{html}</div>").root.all():
        if tag.tag not in TAGS | {"div"}:
            found.append(tag.tag)
        for name, value in tag.attrs.items():
            is_plain = (tag.tag, name) in {("a", "rel"), ("ol", "start"), ("span", "class")}
            if not is_plain and not (tag.tag == "a" and name == "href" and SAFE.match(value or "")):
                found.append(f"{tag.tag} {name}={value}")
    return found


@pytest.mark.parametrize("text", [*XSS, *TRAPS], ids=str.__repr__)
def test_nothing_of_it_acts(text: str) -> None:
    assert faults(str(markdown(text, ["Ann"]))) == []


def test_strange_texts_do_not_act_either() -> None:
    rng = random.Random(7)
    for text in strange_texts(rng, 500):
        mixed = f"{rng.choice(XSS)}{text}{rng.choice(XSS)}"
        assert faults(str(markdown(mixed))) == [], mixed


@given(st.text(alphabet="<>[]()\"'&#;:/\\ \n`*_!@ajvscriptx=0", max_size=80))
def test_no_text_acts(text: str) -> None:
    assert faults(str(markdown(text, ["a"]))) == []


def test_what_is_meant_is_there() -> None:
    html = str(markdown("**b** *i* `c`\nline\n\n- one\n- two\n\n3. three\n\n> q"))
    for part in (
        "<strong>b</strong>",
        "<em>i</em>",
        "<code>c</code><br>",
        "<li>one</li>",
        '<ol start="3">',
        "<blockquote>",
    ):
        assert part in html


@pytest.mark.parametrize(
    "href", ["https://example.com/a?b=c", "http://example.com", "mailto:a@example.com", "/plans/1"]
)
def test_links_lead_there_and_take_nothing_along(href: str) -> None:
    assert f'<a href="{href}" rel="noopener nofollow">x</a>' in str(markdown(f"[x]({href})"))


def test_heading_is_text_since_a_page_has_its_own() -> None:
    assert "<h" not in str(markdown("# One\n\nTwo\n==="))


def test_named_users_are_marked_and_nobody_else() -> None:
    html = str(markdown("@Ann Lee, @Ben, `@Ann Lee` <@Ann Lee>", ["Ann Lee"]))
    assert html.count('<span class="named">@Ann Lee</span>') == 2
    assert "@Ben" in html
