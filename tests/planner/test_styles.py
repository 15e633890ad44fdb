"""Work styles: which are offered, and what they mean in both languages."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from pages import CheckedClient
from sqlalchemy.orm import Session

from planner.models import Person, PersonKind, PersonStyle, RoleName, User, WorkStyle
from planner.schemas.staffing_styles import StyleSaid
from planner.services import catalogue
from planner.services.refused import Stale
from planner.services.staffing import styles

OFF_BY_DEFAULT = {"optimism", "self-confidence", "self-control", "stress-tolerance"}


@pytest.fixture
def admin(client_of: Callable[..., CheckedClient]) -> CheckedClient:
    return client_of(RoleName.ADMINISTRATOR)


@pytest.fixture
def style(session: Session) -> WorkStyle:
    """Cooperation, among O*NET's other work styles."""
    found = {row.key: row for row in catalogue.load_work_styles(session)}
    session.commit()
    return found["cooperation"]


def test_the_four_that_come_closest_to_health_are_off(session: Session, style: WorkStyle) -> None:
    offered = {row.key for row in styles.styles_on(session)}
    assert len(offered) == 17
    assert not offered & OFF_BY_DEFAULT


def test_a_style_that_someone_holds_is_offered_to_them_though_it_is_off(session: Session, style: WorkStyle) -> None:
    style.is_on = False
    assert style not in styles.styles_on(session)
    assert style in styles.styles_on(session, held=frozenset({style.id}))


def test_style_is_edited_and_stale_versions_are_refused(session: Session, style: WorkStyle) -> None:
    said = StyleSaid(name="Teamwork", name_fr="Travail en équipe", meaning="Helps.", meaning_fr="Aide.", is_on=False)
    styles.edit_style(session, style, said, 1)
    session.commit()
    assert (style.name, style.is_on, style.key, style.version) == ("Teamwork", False, "cooperation", 2)
    for version in (None, 1):
        with pytest.raises(Stale):
            styles.edit_style(session, style, said, version)


def test_style_is_switched_off_on_its_page(admin: CheckedClient, session: Session, style: WorkStyle) -> None:
    session.add(Person(key="p", name="A", kind=PersonKind.EMPLOYEE, styles=[PersonStyle(style=style, score=3)]))
    session.commit()
    page = admin.get(f"/styles/{style.id}/edit").text
    assert "1 person</b> is rated" in page
    typed = {"name": style.name, "meaning": style.meaning, "version": str(style.version)}  # the box is not ticked
    assert admin.send(f"/styles/{style.id}/edit", typed).status_code == 303
    session.refresh(style)
    assert not style.is_on
    assert admin.send(f"/styles/{style.id}/edit", typed | {"name": "Other"}).status_code == 409
    assert admin.send(f"/styles/{style.id}/edit", {"name": "", "version": "2"}).status_code == 422


def test_anchors_are_five_or_none(admin: CheckedClient, session: Session, style: WorkStyle) -> None:
    page = admin.get(f"/styles/{style.id}/edit").text
    assert style.anchors[0] in html.unescape(page)
    words = {f"anchors-{n}": f"Seen {n}" for n in range(5)}
    typed = {"name": style.name, "version": str(style.version)}
    few = admin.send(f"/styles/{style.id}/edit", typed | words | {"anchors-3": " "})
    assert few.status_code == 422
    assert "each of the five scores" in few.text
    assert admin.send(f"/styles/{style.id}/edit", typed | words).status_code == 303
    session.refresh(style)
    assert (style.anchors, style.anchors_fr) == ([f"Seen {n}" for n in range(5)], [])


def test_list_is_filtered_and_says_where_the_words_come_from(ops: CheckedClient, style: WorkStyle) -> None:
    page = ops.get("/styles").text
    assert "17 of 21</b> work styles are offered" in page
    assert "U.S. Department of Labor" in page
    assert "1.D.2.c" in page
    off = ops.get("/styles?state=off").text
    assert "Optimism" in off
    assert "Cooperation" not in off
    assert "Cooperation" in ops.get("/styles?q=cooperat").text


def test_list_speaks_the_reader_s_language(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], session: Session, style: WorkStyle
) -> None:
    reader = user(RoleName.EXECUTIVE)
    reader.locale = "fr"
    session.commit()
    assert style.meaning_fr.split("’")[0] in client_of(as_user=reader).get("/styles").text


@pytest.mark.parametrize(
    ("role", "seen", "done"),
    [(RoleName.ADMINISTRATOR, 200, 200), (RoleName.OPERATIONS, 200, 403), (RoleName.MEMBER, 200, 403)],
)
def test_who_may_see_and_who_may_do(
    client_of: Callable[..., CheckedClient], style: WorkStyle, role: RoleName, seen: int, done: int
) -> None:
    client = client_of(role)
    assert client.get("/styles").status_code == seen
    assert client.get(f"/styles/{style.id}/edit").status_code == done
