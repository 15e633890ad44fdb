"""Sites: their names are tags, their country gives public holidays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    CountKind,
    Person,
    PersonKind,
    Phase,
    Project,
    Removal,
    RoleName,
    RoleNeed,
    RuleKind,
    Site,
    TeamRule,
    Workspace,
)
from planner.schemas.staffing_sites import SiteSaid
from planner.services.refused import Refused, Stale
from planner.services.staffing import sites


def said(**changes: str) -> SiteSaid:
    return SiteSaid.model_validate({"name": "Montréal", "country": "CA", "subdivision": "QC", **changes})


def test_site_is_added_edited_and_stale_versions_are_refused(session: Session) -> None:
    site = sites.add_site(session, said())
    session.commit()
    sites.edit_site(session, site, said(name="Québec"), 1)
    session.commit()
    assert (site.tag, site.country, site.subdivision, site.version) == ("site:Québec", "CA", "QC", 2)
    for version in (None, 1):
        with pytest.raises(Stale):
            sites.edit_site(session, site, said(), version)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": "Paris"}, "site_is_there", "name"),
        ({"country": "XX"}, "country_is_not_known", "country"),
        ({"subdivision": "BY"}, "subdivision_is_not_known", "subdivision"),
        ({"country": ""}, "subdivision_is_not_known", "subdivision"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    session: Session, changes: dict[str, str], code: str, field: str
) -> None:
    sites.add_site(session, said(name="Paris", country="FR", subdivision=""))
    with pytest.raises(Refused) as caught:
        sites.add_site(session, said(**changes))
    assert (caught.value.code, caught.value.field) == (code, field)


def test_renaming_a_site_goes_on_asking_for_it(session: Session) -> None:
    site = sites.add_site(session, said(name="Zürich", country="CH", subdivision=""))
    start = session.get_one(Workspace, 1).moment_of(0)
    other = ["site:Paris"]
    need = RoleNeed(title="Lead", tags=["lang:de", "site:Zürich"], any_of=[["site:Zürich", "site:Paris"], other])
    rule = TeamRule(rule=RuleKind.COUNT, of=CountKind.TAG, tag="site:Zürich", at_least=1)
    phase = Phase(key="f", name="P", duration=1, earliest_on=start, latest_on=start, needs=[need], team_rules=[rule])
    session.add(Project(key="j", name="J", phases=[phase]))
    session.commit()
    sites.edit_site(session, site, said(name="Zurich", country="CH", subdivision=""), 1)
    session.commit()
    assert need.tags == ["lang:de", "site:Zurich"]
    assert need.any_of == [["site:Zurich", "site:Paris"], other]
    assert rule.tag == "site:Zurich"


def test_site_is_added_on_the_page_in_two_steps_without_scripts(ops: CheckedClient, session: Session) -> None:
    typed = {"name": "Montréal", "country": "CA"}
    parts = ops.send("/sites/add", {**typed, "edit_again": "1"})
    assert parts.status_code == 200
    assert '<option value="QC">Quebec</option>' in parts.text
    assert session.scalars(select(Site)).all() == []
    assert ops.send("/sites/add", {**typed, "subdivision": "QC"}).status_code == 303
    page = ops.get("/sites").text
    for words in ("Montréal", "Canada", "Quebec", "Canada Day"):
        assert words in page, words


def test_fault_stands_at_its_field_on_the_page(ops: CheckedClient) -> None:
    assert "Fill this in." in ops.send("/sites/add", {"name": ""}).text
    refused = ops.send("/sites/add", {"name": "A", "country": "FR", "subdivision": "QC"})
    assert refused.status_code == 409
    assert "The public holidays of this part of the country are not known here." in refused.text


def test_removed_site_comes_back_with_its_people(ops: CheckedClient, session: Session) -> None:
    site = sites.add_site(session, said())
    session.add(Person(key="p", name="Ann", kind=PersonKind.EMPLOYEE, site=site))
    session.commit()
    assert "1 person has no site then." in ops.get(f"/sites/{site.id}/remove").text
    ops.send(f"/sites/{site.id}/remove")
    session.rollback()
    assert session.scalars(select(Person)).one().site_id is None
    removal = session.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/sites")
    session.rollback()
    assert session.scalars(select(Person)).one().all_tags == ["site:Montréal"]


@pytest.mark.parametrize(
    ("role", "seen", "done"),
    [
        (RoleName.OPERATIONS, 200, 200), (RoleName.PROJECT_MANAGER, 200, 403),
        (RoleName.EXECUTIVE, 200, 403), (RoleName.MEMBER, 404, 404),
    ],
)  # fmt: skip
def test_who_may_see_and_who_may_do(
    client_of: Callable[..., CheckedClient], session: Session, role: RoleName, seen: int, done: int
) -> None:
    site = sites.add_site(session, said())
    session.commit()
    client: Any = client_of(role)
    assert client.get("/sites").status_code == seen
    for path in ("/sites/add", f"/sites/{site.id}/edit", f"/sites/{site.id}/remove"):
        assert client.get(path).status_code == done, path
