"""Lists: whatever a URL asks, the answer is a page of the list, each row on one page and no other."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from databases import on_both
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pages import CheckedClient
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from planner.models import RoleName, Skill, fold, folded
from planner.services.listing import PAGE_SIZES, Page, Query, paged

KNOWN = ("q", "sort", "page", "size", "kind", "site")
ODD = [
    "",
    "0",
    "1",
    "-1",
    "1.5",
    "999999",
    "10" * 3000,
    "٣",
    "²",
    "½",
    "NaN",
    "1e3",
    " 7 ",
    "0x10",
    "null",
    "\0",
    "%00",
]
UNLIKE = ["%", "_", "\\", "%%", "\\%", "100%", "a_b", "a\\b", "'", '"', ";", "--", "/*", "\0"]

texts = st.text(max_size=300)
questions = st.dictionaries(st.sampled_from(KNOWN) | st.text(min_size=1, max_size=8), texts, max_size=6)


def again(href: str) -> Query:
    """What a list understands when somebody follows a link of its own."""
    parts = urlsplit(href)
    return Query.read(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))


@given(questions)
def test_link_to_the_same_page_asks_the_same(args: dict[str, str]) -> None:
    asked = Query.read("/skills", args)
    assert again(asked.href(page=asked.page)) == asked


@given(questions, st.text(min_size=1).map(lambda text: text.replace("\0", "x")))
def test_link_with_a_filter_asks_for_it_from_the_first_page_on(args: dict[str, str], value: str) -> None:
    asked = again(Query.read("/skills", args).href(kind=value))
    assert (asked.value("kind"), asked.page) == (value, 1)
    assert again(asked.href(kind=None)).value("kind") == ""


@given(questions)
def test_numbers_of_pages_are_bounded_and_sizes_are_offered(args: dict[str, str]) -> None:
    asked = Query.read("/skills", args)
    assert 1 <= asked.page < 10**6
    assert asked.size in PAGE_SIZES
    assert len(asked.q) <= 200


@pytest.mark.parametrize("name", ["page", "size"])
def test_odd_numbers_are_taken_as_not_said(ops: CheckedClient, session: Session, name: str) -> None:
    session.add(Skill(key="seo", name="SEO"))
    session.commit()
    for value in ODD:
        answer = ops.get("/skills", query_string={name: value})
        assert answer.status_code == 200, value
        assert "SEO" in answer.text, value


@on_both
def test_signs_of_sql_are_letters_like_any_other(app: Flask, session: Session) -> None:
    names = [f"x{sign}x" for sign in UNLIKE if "\0" not in sign]
    session.add_all([Skill(key=str(n), name=name) for n, name in enumerate(["plain", *names])])
    session.commit()
    for name in names:
        assert [skill.name for skill in asked(session, q=name).items] == [name]
    for sign in UNLIKE:
        holding = {name for name in names if sign.strip("\0") in name} if sign.strip("\0") else {"plain", *names}
        assert {skill.name for skill in asked(session, q=sign, size="100").items} == holding, sign


@on_both
@pytest.mark.parametrize("typed", ["emilie", "Émilie", "ÉMILIE", "e\u0301milie", "EMILIE"])
def test_search_looks_past_accents_and_capitals(app: Flask, session: Session, typed: str) -> None:
    session.add_all([Skill(key="1", name="Émilie"), Skill(key="2", name="Emil", aliases=["Straße à péage"])])
    session.commit()
    assert [skill.name for skill in asked(session, q=typed).items] == ["Émilie"]
    assert [skill.name for skill in asked(session, q="a peage").items] == ["Emil"]


@on_both
def test_accents_sort_beside_their_letters(app: Flask, session: Session) -> None:
    names = ["zèbre", "Éclair", "eau", "Zoé", "étude", "Ändern", "apple"]
    session.add_all([Skill(key=name, name=name) for name in names])
    session.commit()
    wanted = sorted(names, key=fold)
    assert wanted == ["Ändern", "apple", "eau", "Éclair", "étude", "zèbre", "Zoé"]
    assert [skill.name for skill in asked(session, sort="name").items] == wanted
    assert [skill.name for skill in asked(session, sort="-name").items] == wanted[::-1]


@on_both
@pytest.mark.parametrize("sort", ["", "name", "-name", "category", "nonsense", "-", "--name", "id; DROP TABLE skill"])
def test_every_row_is_on_one_page_however_they_are_sorted(app: Flask, session: Session, sort: str) -> None:
    """A hundred and thirty rows of one name: only their key tells them apart."""
    session.add_all([Skill(key=f"k{n}", name="The same") for n in range(130)])
    session.commit()
    first = asked(session, sort=sort)
    assert (first.total, first.num_pages) == (130, 6)
    seen = [skill.id for number in range(1, 7) for skill in asked(session, sort=sort, page=str(number)).items]
    assert len(seen) == len(set(seen)) == 130
    assert [skill.id for skill in asked(session, sort=sort, page="999999").items] == seen[125:]


def test_page_past_the_end_is_the_last_one(ops: CheckedClient, session: Session) -> None:
    session.add_all([Skill(key=f"k{n}", name=f"Skill {n:03}") for n in range(30)])
    session.commit()
    assert "Skill 029" in ops.get("/skills?page=4000").text
    assert ops.get("/skills?page=1&q=nothing+like+it").status_code == 200


LISTS = [
    "/account/users",
    "/candidates",
    "/feedback",
    "/ideas",
    "/needs",
    "/people",
    "/plans",
    "/projects",
    "/rates",
    "/requisitions",
    "/sites",
    "/skills",
    "/styles",
]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_keeps_its_question_in_its_links(client_of: object, path: str) -> None:
    """Search, sort and size live in the URL: the links of a list that was asked for keep what was asked."""
    client: CheckedClient = client_of(RoleName.ADMINISTRATOR)  # type: ignore[operator]
    answer = client.get(path, query_string={"q": "é%_'<", "size": "50", "page": "3", "sort": "-name"})
    assert answer.status_code == 200
    assert "é%_&#39;&lt;" in answer.text


def asked(session: Session, **args: str) -> Page[Skill]:
    """The skills that a URL asks for."""
    return paged(
        session,
        select(Skill),
        Query.read("/skills", args),
        sorts={"name": folded(Skill.name), "category": Skill.category},
        default="name",
        search=(Skill.name, cast(Skill.aliases, String)),
    )
