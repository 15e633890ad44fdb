"""Everything for which a person could not use a page: one function per rule, one list that calls them all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from markup import Markup, Node

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "form")
UNTYPED = ("hidden", "submit", "button", "reset", "image")


def faults(page: Markup) -> list[str]:
    """Every fault of a page, or of a fragment; rules about the whole hold for whole pages only."""
    rules = (*RULES, *RULES_OF_WHOLE_PAGES) if page.is_whole else RULES
    return [fault for rule in rules for fault in rule(page)]


def tags_close_in_order(page: Markup) -> Iterator[str]:
    yield from page.misnested


def ids_stand_once(page: Markup) -> Iterator[str]:
    counts = Counter(node.get("id") for node in page.root.all() if node.get("id"))
    yield from (f"the id {ident!r} stands {n} times" for ident, n in counts.items() if n > 1)


def access_keys_stand_once(page: Markup) -> Iterator[str]:
    counts = Counter(node.get("accesskey") for node in page.root.all() if node.get("accesskey"))
    yield from (f"the accesskey {key!r} stands {n} times" for key, n in counts.items() if n > 1)


def fields_are_labelled(page: Markup) -> Iterator[str]:
    labelled = {label.get("for") for label in page.root.all("label") if label.text}
    for field in page.root.all("input", "select", "textarea"):
        if field.get("type") in UNTYPED or field.get("aria-label") or field.get("aria-labelledby"):
            continue
        if field.get("id") not in labelled and not field.is_inside("label"):
            yield f"a field without a label: {field}"


def groups_have_legends(page: Markup) -> Iterator[str]:
    for group in page.root.all("fieldset"):
        named = group.get("aria-label") or group.get("aria-labelledby")
        if not named and not any(legend.text for legend in group.all("legend")):
            yield f"a group without a legend: {group}"


def forms_have_actions(page: Markup) -> Iterator[str]:
    for form in page.root.all("form"):
        if not form.get("action") and form.get("method") != "dialog":
            yield f"a form without an action: {form}"
        if form.is_inside("form"):
            yield f"a form within a form: {form}"


def writing_forms_carry_a_token(page: Markup) -> Iterator[str]:
    for form in page.root.all("form"):
        if form.get("method").lower() == "post" and not any(
            i.get("name") == "csrf_token" and i.get("value") for i in form.all("input")
        ):
            yield f"a form without a CSRF token: {form}"


def nothing_is_inline(page: Markup) -> Iterator[str]:
    for node in page.root.all():
        yield from (f"inline: {name} on {node}" for name in node.attrs if name == "style" or re.match(r"on[a-z]", name))
        if node.tag == "style" or (
            node.tag == "script" and not node.get("src") and node.get("type") != "application/json"
        ):
            yield f"inline: {node}"


def nothing_is_loaded_from_elsewhere(page: Markup) -> Iterator[str]:
    for node in page.root.all():
        for name in ("href", "src", "action", "formaction", "data", "poster"):
            if re.match(r"\s*((https?:)?//|javascript:|data:text|vbscript:)", node.get(name), re.IGNORECASE):
                yield f"leads elsewhere: {node}"


def buttons_and_links_say_what_they_do(page: Markup) -> Iterator[str]:
    for node in page.root.all("button", "a", "summary"):
        alternatives = (image.get("alt") or image.get("aria-label") for image in node.all("img", "svg"))
        if not (node.text or node.get("aria-label") or node.get("aria-labelledby") or any(alternatives)):
            yield f"nothing says what this does: {node}"
        if node.tag == "a" and not node.get("href"):
            yield f"a link to nowhere: {node}"
        if node.is_inside("button", "a"):
            yield f"a control within a control: {node}"


def images_have_words(page: Markup) -> Iterator[str]:
    for node in page.root.all("img", "svg"):
        if node.tag == "img" and "alt" not in node.attrs:
            yield f"an image without alt: {node}"
        is_drawing = node.tag == "svg" and not node.is_inside("svg") and not _is_hidden(node)
        if is_drawing and not node.text and not (node.get("role") == "img" and _is_named(node)):
            yield f"a drawing without a name: {node}"


def tables_have_captions_and_headers(page: Markup) -> Iterator[str]:
    for table in page.root.all("table"):
        if table.get("role") in ("presentation", "none"):
            continue
        if not (_is_named(table) or any(caption.text for caption in table.all("caption"))):
            yield f"a table without a caption: {table}"
        headers = list(table.all("th"))
        if not headers:
            yield f"a table without headers: {table}"
        yield from (f"a header without a scope: {header}" for header in headers if not header.get("scope"))


def title_is_the_heading(page: Markup) -> Iterator[str]:
    headings = [node.text for node in page.root.all("h1")]
    titles = [node.text for node in page.root.all("title") if not node.is_inside("svg")]
    if len(headings) != 1 or len(titles) != 1:
        yield f"{len(headings)} headings of the first level, {len(titles)} titles"
    elif not titles[0].startswith(headings[0]) or not headings[0]:
        yield f"the title {titles[0]!r} does not begin with the heading {headings[0]!r}"


def headings_go_down_one_by_one(page: Markup) -> Iterator[str]:
    for main in page.root.all("main"):
        shown = [node for node in main.all(*HEADINGS) if not node.is_inside("template", "dialog")]
        for before, after in pairwise(shown):
            if HEADINGS.index(after.tag) > HEADINGS.index(before.tag) + 1:
                yield f"{after} ({after.text!r}) follows {before} ({before.text!r})"
        yield from (f"an empty heading: {node}" for node in shown if not node.text)


def page_has_a_language_and_one_main_part(page: Markup) -> Iterator[str]:
    if not all(node.get("lang") for node in page.root.all("html")):
        yield "the page has no language"
    if len(list(page.root.all("main"))) != 1:
        yield "the page has no one main part"


def references_lead_somewhere(page: Markup) -> Iterator[str]:
    ids = {node.get("id") for node in page.root.all() if node.get("id")}
    for node in page.root.all():
        wanted = [ident for name in REFERENCES for ident in node.get(name).split()]
        if node.tag == "a" and node.get("href").startswith("#") and len(node.get("href")) > 1:
            wanted.append(node.get("href")[1:])
        yield from (f"{ident!r} is not on the page: {node}" for ident in wanted if ident not in ids)


def addresses(page: Markup) -> Iterator[tuple[str, str]]:
    """Every address that a page leads to, with the method that goes there."""
    for node in page.root.all():
        if node.tag in ("a", "link") and node.get("href"):
            yield "GET", node.get("href")
        if node.tag in ("script", "img") and node.get("src"):
            yield "GET", node.get("src")
        if node.tag == "form" and node.get("method") != "dialog":
            yield (node.get("method") or "get").upper(), node.get("action")
        if node.get("formaction"):
            yield _method_of_form_around(node), node.get("formaction")
        yield from (
            (method.upper(), node.get(f"hx-{method}")) for method in ("get", "post") if node.get(f"hx-{method}")
        )


def _method_of_form_around(node: Node) -> str:
    around = next((above for above in node.above() if above.tag == "form"), None)
    return (node.get("formmethod") or (around.get("method") if around else "") or "get").upper()


def _is_hidden(node: Node) -> bool:
    return any(one.get("aria-hidden") == "true" for one in (node, *node.above()))


def _is_named(node: Node) -> bool:
    return bool(node.get("aria-label") or node.get("aria-labelledby"))


RULES = (
    tags_close_in_order,
    ids_stand_once,
    access_keys_stand_once,
    fields_are_labelled,
    groups_have_legends,
    forms_have_actions,
    writing_forms_carry_a_token,
    nothing_is_inline,
    nothing_is_loaded_from_elsewhere,
    buttons_and_links_say_what_they_do,
    images_have_words,
    tables_have_captions_and_headers,
)
RULES_OF_WHOLE_PAGES = (
    title_is_the_heading,
    headings_go_down_one_by_one,
    page_has_a_language_and_one_main_part,
    references_lead_somewhere,
)
