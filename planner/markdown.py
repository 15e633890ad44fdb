"""What people write, as HTML that does nothing: CommonMark without HTML, headings or pictures; then an allow-list.

Two walls: the writer's HTML is text to begin with, and whatever comes out is cut down to a few plain elements.
"""

from __future__ import annotations

from collections.abc import Collection, MutableMapping
from functools import cache
from typing import Any

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from planner.services.work.mentions import name_pattern

TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "span", "strong", "ul"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "span": {"class"}}
SCHEMES = {"http", "https", "mailto"}
NAMED = "named"  # the class of a name, and where the renderer finds whom a text names


def init_app(app: Flask) -> None:
    """Gives the pages their filter."""
    app.jinja_env.filters["markdown"] = markdown


def markdown(text: str, names: Collection[str] = ()) -> Markup:
    """A text as HTML; `names` are those of users whom it names, which are marked."""
    html = _parser().render(text, {NAMED: name_pattern(names) if names else None})
    return Markup(_sanitised(html))  # noqa: S704 -- it has just been sanitised


def _sanitised(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        link_rel="noopener nofollow",
        url_schemes=SCHEMES,
    )


def _kept(element: str, attribute: str, value: str) -> str | None:
    """An attribute's value, where it may stay: links lead to the web, to an address, or to a page of ours."""
    if element == "span":
        return value if value == NAMED else None
    if attribute != "href":
        return value if attribute in ("rel", "start") else None  # rel is ours
    is_own_page = value.startswith("/") and not value.startswith(("//", "/\\"))
    is_away = value.lower().startswith(tuple(f"{scheme}:" for scheme in SCHEMES))
    return value if is_own_page or is_away else None


@cache
def _parser() -> MarkdownIt:
    """The parser: a line break that was typed stays one; no headings (a page has its own), no pictures, no HTML."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.disable(["heading", "lheading", "html_block", "html_inline", "image", "reference"])
    parser.core.ruler.push(NAMED, _mark_names)
    parser.add_render_rule(NAMED, _name)
    return parser


def _mark_names(state: StateCore) -> None:
    """Splits texts at the names in them."""
    pattern = state.env.get(NAMED)
    if pattern is None:
        return
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = [part for token in block.children for part in _split(token, pattern)]


def _split(token: Token, pattern: Any) -> list[Token]:
    if token.type != "text":
        return [token]
    parts, end = [], 0
    for match in pattern.finditer(token.content):
        parts += [_text(token.content[end : match.start()]), _text(match[0], NAMED)]
        end = match.end()
    return [*parts, _text(token.content[end:])] if parts else [token]


def _text(content: str, kind: str = "text") -> Token:
    return Token(kind, "", 0, content=content)


def _name(_renderer: RendererHTML, tokens: list[Token], at: int, _options: Any, _env: MutableMapping[str, Any]) -> str:
    return f'<span class="{NAMED}">{escapeHtml(tokens[at].content)}</span>'
