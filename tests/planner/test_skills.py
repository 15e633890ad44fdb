from __future__ import annotations

from collections.abc import Callable

import pytest
from pages import CheckedClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.models import (
    NeedSkill,
    Person,
    PersonKind,
    PersonSkill,
    Phase,
    Project,
    Removal,
    RoleName,
    RoleNeed,
    Skill,
    Workspace,
)


def test_skill_is_added_edited_removed_and_brought_back(ops: CheckedClient, session: Session) -> None:
    added = ops.send("/skills/add", {"name": "Search  ads", "aliases": "SEA\nGoogle Ads"})
    assert added.status_code == 303
    skill = session.scalars(select(Skill)).one()
    assert (skill.key, skill.name, skill.aliases) == ("search-ads", "Search ads", ["SEA", "Google Ads"])

    path = f"/skills/{skill.id}/edit"
    assert ops.send(path, {"name": "Paid search", "version": "1"}).status_code == 303
    assert ops.get("/skills?q=paid").text.count("Paid search") >= 1

    ops.send(f"/skills/{skill.id}/remove")
    session.rollback()
    assert session.scalars(select(Skill)).all() == []
    removal = session.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/skills")
    session.rollback()
    assert session.scalars(select(Skill)).one().name == "Paid search"


def test_stale_or_missing_version_is_refused_with_both_values(ops: CheckedClient, session: Session) -> None:
    session.add(Skill(key="seo", name="SEO"))
    session.commit()
    skill = session.scalars(select(Skill)).one()
    path = f"/skills/{skill.id}/edit"
    ops.send(path, {"name": "SEO basics", "version": "1"})
    for version in ("1", ""):
        refused = ops.send(path, {"name": "Search engine optimisation", "version": version})
        assert refused.status_code == 409
        assert "SEO basics" in refused.text
        assert "Search engine optimisation" in refused.text
    session.rollback()
    assert session.scalars(select(Skill)).one().name == "SEO basics"


def test_nearly_the_same_name_is_pointed_out(ops: CheckedClient, session: Session) -> None:
    session.add(Skill(key="email-marketing", name="Email marketing", aliases=["E-mailing"]))
    session.commit()
    assert "Email marketing" in ops.get("/skills/near-duplicates?name=e-mail marketing").text
    assert "Email marketing" not in ops.get("/skills/near-duplicates?name=Video editing").text


def test_empty_name_is_refused_at_its_field(ops: CheckedClient) -> None:
    refused = ops.send("/skills/add", {"name": "  "})
    assert refused.status_code == 422
    assert "Fill this in." in refused.text


@pytest.fixture
def used(session: Session) -> dict[str, Skill]:
    """SEO is held and asked for, SQL only asked for, Juggling neither."""
    rows = {key: Skill(key=key, name=name, category="Data") for key, name in
            (("seo", "SEO"), ("sql", "SQL"), ("juggling", "Juggling"))}  # fmt: skip
    start = session.get_one(Workspace, 1).moment_of(0)
    need = RoleNeed(title="Lead", skills=[NeedSkill(skill=rows[key], level=3) for key in ("seo", "sql")])
    phase = Phase(key="f", name="P", duration=1, earliest_on=start, latest_on=start, needs=[need])
    person = Person(key="p", name="Ann", kind=PersonKind.EMPLOYEE, skills=[PersonSkill(skill=rows["seo"], level=4)])
    session.add_all([*rows.values(), Project(key="j", name="J", phases=[phase]), person])
    session.commit()
    return rows


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/skills", {"SEO", "SQL", "Juggling"}),
        ("/skills?use=unheld", {"SQL", "Juggling"}),
        ("/skills?use=scarce", {"SQL"}),
        ("/skills?use=nonsense&category=Data", {"SEO", "SQL", "Juggling"}),
        ("/skills?category=Art", set()),
    ],
)
def test_list_is_filtered_by_its_url(ops: CheckedClient, used: dict[str, Skill], url: str, names: set[str]) -> None:
    text = ops.get(url).text
    assert {name for name in ("SEO", "SQL", "Juggling") if f">{name}</a></th>" in text} == names
    assert "1 is asked for and held by nobody" in text


def test_a_skill_that_a_role_need_asks_for_is_not_removed(
    ops: CheckedClient, session: Session, used: dict[str, Skill]
) -> None:
    path = f"/skills/{used['sql'].id}/remove"
    assert "1 role need asks for it" in ops.get(path).text
    answer = ops.send(path, follow_redirects=True)
    assert "“SQL” is still in use and was not removed." in answer.text
    session.rollback()
    assert len(session.scalars(select(Skill)).all()) == 3


def test_a_removed_skill_comes_back_with_the_levels_that_people_hold(
    ops: CheckedClient, session: Session, used: dict[str, Skill]
) -> None:
    session.execute(delete(NeedSkill))
    session.commit()
    ops.send(f"/skills/{used['seo'].id}/remove")
    session.rollback()
    assert session.scalars(select(PersonSkill)).all() == []
    removal = session.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/skills")
    session.rollback()
    assert [row.level for row in session.scalars(select(PersonSkill))] == [4]


def test_a_name_that_is_there_in_other_letters_is_refused(ops: CheckedClient, used: dict[str, Skill]) -> None:
    refused = ops.send("/skills/add", {"name": "s.e.o"})
    assert refused.status_code == 303
    refused = ops.send("/skills/add", {"name": "séo"})
    assert refused.status_code == 409
    assert "There is a skill “séo” already." in refused.text


@pytest.mark.parametrize(
    ("role", "added", "changed"),
    [(RoleName.OPERATIONS, 200, 200), (RoleName.PROJECT_MANAGER, 200, 403), (RoleName.MEMBER, 403, 403)],
)
def test_who_may_see_and_who_may_do(
    client_of: Callable[..., CheckedClient], used: dict[str, Skill], role: RoleName, added: int, changed: int
) -> None:
    client = client_of(role)
    page = client.get("/skills").text
    assert ("Add a skill" in page) == (added == 200)
    assert client.get("/skills/add").status_code == added
    for verb in ("edit", "remove"):
        assert client.get(f"/skills/{used['seo'].id}/{verb}").status_code == changed
