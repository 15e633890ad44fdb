"""Walks the pages as a curious user does: from the start page along every link."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from faults import addresses
from flask.testing import FlaskClient
from markup import Markup, parse
from werkzeug.test import TestResponse

LEAVING = ("/static/", "/account/log-out")


def crawl(client: FlaskClient, *starts: str, most_alike: int = 2) -> Iterator[tuple[str, TestResponse, Markup]]:
    """Every page that links lead to, with its address; of those that differ by a number only, a few."""
    waiting, seen, alike = ["/", *starts], set[str](), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        if path in seen or alike[shape_of(path)] >= most_alike:
            continue
        seen.add(path)
        alike[shape_of(path)] += 1
        answer = client.get(path)
        if answer.mimetype == "text/html" and answer.status_code < 300:
            page = parse(answer.text)
            yield path, answer, page
            waiting += links_of(page, path)
        elif answer.location:
            waiting.append(urljoin(path, answer.location))


def links_of(page: Markup, path: str) -> Iterator[str]:
    """The pages that a page leads to."""
    for method, address in addresses(page):
        there = urljoin(path, address).partition("#")[0]
        if method == "GET" and not urlsplit(there).netloc and not there.startswith(LEAVING):
            yield there


def shape_of(path: str) -> str:
    """What pages of the same kind have in common."""
    parts = urlsplit(path)
    return re.sub(r"\d+", "#", parts.path) + ("?" if parts.query else "")
