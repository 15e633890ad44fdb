"""Role needs: every field, rows with and without scripts, seats in step with the count, and the living answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from pages import CheckedClient
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Booking,
    BookingKind,
    NeedSkill,
    NeedStyle,
    PeriodKind,
    Person,
    PersonKind,
    PersonSkill,
    Phase,
    Project,
    Removal,
    RoleName,
    RoleNeed,
    Seat,
    Skill,
    User,
    Workspace,
    WorkStyle,
)
from planner.schemas.staffing_needs import NeedSaid, NeedSeen
from planner.services.listing import Query
from planner.services.refused import Refused, Stale
from planner.services.staffing import criteria, needs


@pytest.fixture
def phase(session: Session) -> Phase:
    """A phase of ten weeks, and a catalogue of two skills and three work styles, one of them off."""
    start = session.get_one(Workspace, 1).moment_of(0)
    project = Project(key="j1", name="Launch film")
    phase = Phase(key="f1", name="Build", duration=10, earliest_on=start, latest_on=start + timedelta(weeks=2))
    phase.project = project
    session.add_all([phase, Skill(id=1, key="sql", name="SQL"), Skill(id=2, key="seo", name="Search engines")])
    session.add_all(WorkStyle(id=n, key=f"w{n}", name=f"Style {n}", is_on=n < 3) for n in (1, 2, 3))
    session.commit()
    return phase


@pytest.fixture
def admin(client_of: Callable[..., CheckedClient]) -> CheckedClient:
    return client_of(RoleName.ADMINISTRATOR)


WHOLE = {
    "title": "Data analyst",
    "count": "2",
    "fte_pct": "60",
    "from_offset": "1",
    "to_offset": "9",
    "skills-0-skill_id": "sql",
    "skills-0-level": "4",
    "skills-0-is_must": "y",
    "skills-0-weight": "3",
    "skills-1-skill_id": "Search Engines",
    "skills-1-level": "2",
    "skills-1-weight": "1",
    "styles-0-style_id": "1",
    "styles-0-min": "3.5",
    "styles-0-max": "5",
    "styles-0-is_must": "y",
    "styles-0-weight": "2",
    "styles-0-reason": "Answers lie outside the questionnaire.",
    "tags": "lang:de",
    "tags-more": "drone licence, site:Lyon",
    "any_of-0-tags-more": "lang:fr, lang:en",
    "max_cost_minor": "2200.50",
    "is_mentoring_allowed": "y",
}


def say(**changes: object) -> NeedSaid:
    return NeedSaid.model_validate({"title": "Data analyst", **changes})


def band(**changes: object) -> dict[str, object]:
    return {"style_id": 1, "min": 3.0, "reason": "The work needs it.", **changes}


def hold(session: Session, seat: Seat, booking: BookingKind, name: str = "Ann") -> None:
    session.add(Booking(seat=seat, person=Person(key=name, name=name, kind=PersonKind.EMPLOYEE), booking=booking))
    session.flush()


def test_every_field_is_kept_as_it_was_said(admin: CheckedClient, session: Session, phase: Phase) -> None:
    answer = admin.send(f"/needs/phases/{phase.id}/add", WHOLE)
    assert answer.headers["Location"].endswith(f"/projects/{phase.project_id}#phase-{phase.id}")
    need = session.scalars(select(RoleNeed)).one()
    assert (need.title, need.count, need.fte_pct, need.from_offset, need.to_offset) == ("Data analyst", 2, 60, 1, 9)
    assert [(s.skill_id, s.level, s.is_must, s.weight) for s in need.skills] == [(1, 4, True, 3), (2, 2, False, 1)]
    assert [(s.style_id, s.min, s.max, s.is_must, s.weight) for s in need.styles] == [(1, 3.5, 5.0, True, 2)]
    assert need.styles[0].reason == "Answers lie outside the questionnaire."
    assert need.tags == ["lang:de", "drone licence", "site:Lyon"]
    assert need.any_of == [["lang:fr", "lang:en"]]
    assert (need.max_cost_minor, need.is_mentoring_allowed, need.is_hire_allowed) == (220_050, True, False)
    assert [seat.key for seat in need.seats] == [f"s{need.id}.1", f"s{need.id}.2"]


def test_form_shows_what_is_there_and_saves_it_unchanged(admin: CheckedClient, session: Session, phase: Phase) -> None:
    admin.send(f"/needs/phases/{phase.id}/add", WHOLE)
    need = session.scalars(select(RoleNeed)).one()
    text = admin.get(f"/needs/{need.id}/edit").text
    for shown in ('value="SQL"', 'value="Search engines"', 'value="2200.50"', "Answers lie outside"):
        assert shown in text
    before = NeedSeen.model_validate(need).model_dump(exclude={"version"})
    assert admin.send(f"/needs/{need.id}/edit", {**WHOLE, "version": "1"}).status_code == 303
    session.rollback()
    session.expire_all()
    assert NeedSeen.model_validate(need).model_dump(exclude={"version"}) == before


@pytest.mark.parametrize(
    "said",
    [
        {"title": ""}, {"count": 0}, {"count": 1001}, {"fte_pct": 0}, {"fte_pct": 101}, {"from_offset": -1},
        {"to_offset": 0}, {"from_offset": 3, "to_offset": 3}, {"max_cost_minor": -1}, {"tags": ["x" * 101]},
        {"any_of": [[]]}, {"skills": [{"skill_id": 1, "level": 0}]}, {"skills": [{"skill_id": 1, "level": 101}]},
        {"skills": [{"skill_id": 1, "level": 3}] * 2}, {"skills": [{"skill_id": 1, "level": 3, "weight": 1001}]},
        {"styles": [band(min=0.9)]}, {"styles": [band(max=5.1)]}, {"styles": [band(min=4, max=3.9)]},
        {"styles": [band(reason="")]}, {"styles": [band(), band()]}, {"seats": 3},
    ],
)  # fmt: skip
def test_one_past_what_may_be_said_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        say(**said)


@pytest.mark.parametrize(
    "said",
    [
        {"count": 1000}, {"fte_pct": 1}, {"fte_pct": 100}, {"from_offset": 2, "to_offset": 3},
        {"skills": [{"skill_id": 1, "level": 100, "weight": 0}]}, {"styles": [band(min=1, max=1)]},
    ],
)  # fmt: skip
def test_edges_of_what_may_be_said_hold(said: dict[str, object]) -> None:
    assert say(**said).model_dump(include=set(said), exclude_unset=True) == said


def test_band_without_a_reason_is_refused_at_its_field(admin: CheckedClient, phase: Phase) -> None:
    refused = admin.send(f"/needs/phases/{phase.id}/add", {**WHOLE, "styles-0-reason": ""})
    assert refused.status_code == 422
    assert 'id="styles-0-reason-error"' in refused.text
    assert 'href="#styles-0-reason"' in refused.text


def test_skill_that_nobody_knows_is_refused_at_its_field(admin: CheckedClient, phase: Phase) -> None:
    refused = admin.send(f"/needs/phases/{phase.id}/add", {**WHOLE, "skills-1-skill_id": "Sourcery"})
    assert refused.status_code == 422
    assert "There is no skill “Sourcery”" in refused.text
    assert 'value="Sourcery"' in refused.text


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"from_offset": 10}, "need_begins_after_phase", "from_offset"),
        ({"to_offset": 11}, "need_ends_after_phase", "to_offset"),
        ({"skills": [{"skill_id": 9, "level": 1}]}, "skill_unknown", "skills.0.skill_id"),
        ({"skills": [{"skill_id": 1, "level": 6}]}, "level_over_scale", "skills.0.level"),
        ({"styles": [band(), band(style_id=3)]}, "style_unknown", "styles.1.style_id"),
    ],
)
def test_what_does_not_fit_the_world_is_refused_at_its_field(
    session: Session, phase: Phase, said: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        needs.add_need(session, phase, say(**said))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_need_may_fill_its_phase_to_the_last_period(session: Session, phase: Phase) -> None:
    assert needs.add_need(session, phase, say(from_offset=9, to_offset=10)).to_offset == 10


def test_rows_are_added_and_removed_by_plain_buttons(admin: CheckedClient, session: Session, phase: Phase) -> None:
    path = f"/needs/phases/{phase.id}/add"
    more = admin.send(path, {**WHOLE, "add_row": "skills"})
    assert more.status_code == 200
    assert 'name="skills-2-skill_id"' in more.text
    assert 'value="SQL"' in more.text or 'value="sql"' in more.text
    fewer = admin.send(path, {**WHOLE, "remove_row": "skills-0"})
    assert 'name="skills-1-skill_id"' not in fewer.text
    assert 'value="Search engines"' in fewer.text
    unknown = admin.send(path, {**WHOLE, "skills-1-skill_id": "Sourcery", "remove_row": "skills-0"})
    assert 'value="Sourcery"' in unknown.text, "what was typed is never lost"
    for list_name, field in (("styles", "styles-1-reason"), ("any_of", "any_of-1-tags-more")):
        assert f'name="{field}"' in admin.send(path, {**WHOLE, "add_row": list_name}).text
    assert session.scalars(select(RoleNeed)).all() == []


def test_empty_rows_say_nothing(admin: CheckedClient, session: Session, phase: Phase) -> None:
    empty = {"skills-2-skill_id": "", "skills-2-level": "", "styles-1-style_id": "", "any_of-1-tags-more": " , "}
    assert admin.send(f"/needs/phases/{phase.id}/add", {**WHOLE, **empty}).status_code == 303
    need = session.scalars(select(RoleNeed)).one()
    assert (len(need.skills), len(need.styles), len(need.any_of)) == (2, 1, 1)


def test_what_stays_keeps_its_row(session: Session, phase: Phase) -> None:
    need = needs.add_need(session, phase, say(skills=[{"skill_id": 1, "level": 3}, {"skill_id": 2, "level": 3}]))
    kept = need.skills[1].id
    needs.edit_need(session, need, say(skills=[{"skill_id": 2, "level": 4}]), need.version)
    assert [(row.id, row.level) for row in need.skills] == [(kept, 4)]


def test_editing_only_the_rows_below_moves_the_version_on(session: Session, phase: Phase) -> None:
    need = needs.add_need(session, phase, say())
    version = need.version
    needs.edit_need(session, need, say(skills=[{"skill_id": 1, "level": 3}]), version)
    assert need.version == version + 1
    with pytest.raises(Stale):
        needs.edit_need(session, need, say(), version)


def test_stale_version_is_refused_with_both_values(admin: CheckedClient, session: Session, phase: Phase) -> None:
    admin.send(f"/needs/phases/{phase.id}/add", WHOLE)
    need = session.scalars(select(RoleNeed)).one()
    path = f"/needs/{need.id}/edit"
    admin.send(path, {**WHOLE, "title": "Theirs", "skills-0-level": "5", "version": "1"})
    for version in ("1", ""):
        stale = admin.send(path, {**WHOLE, "title": "Mine", "version": version})
        assert stale.status_code == 409
        assert "Theirs" in stale.text
        assert "Mine" in stale.text
        sides = re.search(r"Skills · SQL · Level</th>(.*?)</tr>", stale.text, re.DOTALL)
        assert sides is not None
        assert re.findall(r'class="said">([^<]*)<', sides[1]) == ["4", "5"]
        assert 'name="styles-0-reason" value="Answers lie outside the questionnaire."' in stale.text
    session.rollback()
    session.expire_all()
    assert need.title == "Theirs"


def test_seats_follow_the_count(session: Session, phase: Phase) -> None:
    need = needs.add_need(session, phase, say(count=3))
    first = [seat.key for seat in need.seats]
    needs.edit_need(session, need, say(count=5), need.version)
    assert [seat.key for seat in need.seats][:3] == first
    assert [seat.number for seat in need.seats] == [1, 2, 3, 4, 5]
    needs.edit_need(session, need, say(count=1), need.version)
    session.refresh(need)
    assert [seat.key for seat in need.seats] == first[:1]


def test_agreed_seat_is_never_removed(session: Session, phase: Phase) -> None:
    need = needs.add_need(session, phase, say(count=4))
    hold(session, need.seats[3], BookingKind.HARD)
    hold(session, need.seats[2], BookingKind.SOFT, "Ben")
    kept = {need.seats[2].key, need.seats[3].key}
    needs.edit_need(session, need, say(count=2), need.version)
    assert {seat.key for seat in need.seats} == kept, "what nobody holds goes first"
    needs.edit_need(session, need, say(count=1), need.version)
    assert {seat.key for seat in need.seats} == {f"s{need.id}.4"}
    hold(session, needs.edit_need(session, need, say(count=2), need.version).seats[1], BookingKind.HARD, "Cy")
    with pytest.raises(Refused) as refused:
        needs.edit_need(session, need, say(count=1), need.version)
    assert (refused.value.code, refused.value.field, refused.value.params) == ("seats_are_agreed", "count", {"num": 2})


def test_key_that_a_file_brought_in_is_not_given_twice(session: Session, phase: Phase) -> None:
    loaded = RoleNeed(phase=phase, title="Loaded", seats=[Seat(key="s2.1"), Seat(key="s2.2", number=2)])
    session.add(loaded)
    session.flush()
    need = needs.add_need(session, phase, say(count=2))
    assert need.id == 2
    assert [seat.key for seat in need.seats] == ["s2.1-2", "s2.2-2"]


def test_removed_need_comes_back_whole(admin: CheckedClient, session: Session, phase: Phase) -> None:
    admin.send(f"/needs/phases/{phase.id}/add", WHOLE)
    need = session.scalars(select(RoleNeed)).one()
    hold(session, need.seats[0], BookingKind.HARD)
    session.commit()
    path = f"/needs/{need.id}/remove"
    question = admin.get(path).text
    assert "With it go 2 seats." in question
    assert "1 person is agreed on it." in question
    before = NeedSeen.model_validate(need)
    admin.send(path)
    session.rollback()
    session.expire_all()
    tables = (RoleNeed, NeedSkill, NeedStyle, Seat, Booking)
    assert [session.scalars(select(table)).all() for table in tables] == [[]] * 5
    removal = session.scalars(select(Removal)).one()
    admin.send(f"/account/removals/{removal.id}/restore", page="/needs")
    session.rollback()
    session.expunge_all()
    assert NeedSeen.model_validate(session.scalars(select(RoleNeed)).one()) == before
    assert session.scalars(select(Booking)).one().booking is BookingKind.HARD


def test_list_is_searched_sorted_filtered_and_paged_by_its_url(
    admin: CheckedClient, session: Session, phase: Phase
) -> None:
    for n in range(27):
        lines = [{"skill_id": 1, "level": 3}] if n < 4 else []
        need = needs.add_need(session, phase, say(title=f"Role {n:02}", fte_pct=10 + n, skills=lines))
        if n < 2:
            hold(session, need.seats[0], BookingKind.SOFT, f"P{n}")
    session.commit()

    def rows(query: str) -> int:
        return admin.get(f"/needs?{query}").text.count('<th scope="row"')

    assert [rows("q=role 1"), rows("skill=1"), rows("seats=filled"), rows("page=2"), rows("size=50")] == [
        10, 4, 2, 2, 27
    ]  # fmt: skip
    assert rows("seats=open&size=50") == 25
    assert rows(f"project={phase.project_id}&size=50") == 27
    assert rows("project=99") == 0
    assert needs.page_of_needs(session, Query("/needs", sort="-effort")).items[0].title == "Role 26"


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (RoleName.EXECUTIVE, (200, 403, 403, 200)), (RoleName.MEMBER, (404, 404, 404, 404)),
        (RoleName.OPERATIONS, (200, 200, 200, 200)), (RoleName.PROJECT_MANAGER, (200, 200, 403, 200)),
    ],
)  # fmt: skip
def test_who_may_see_and_who_may_edit(
    client_of: Callable[..., CheckedClient], session: Session, phase: Phase, role: RoleName, statuses: tuple[int, ...]
) -> None:
    need = needs.add_need(session, phase, say())
    session.commit()
    client = client_of(role)
    paths = ("/needs", f"/needs/phases/{phase.id}/add", f"/needs/{need.id}/edit", f"/needs/phases/{phase.id}/answer")
    assert tuple(client.get(path).status_code for path in paths) == statuses
    assert client.get("/needs/999/edit").status_code == 404


def test_pm_edits_the_needs_of_their_own_project(
    client_of: Callable[..., CheckedClient], user: Callable[..., object], session: Session, phase: Phase
) -> None:
    pm = user(RoleName.PROJECT_MANAGER)
    phase.project.pm_id = pm.id  # type: ignore[attr-defined]
    need = needs.add_need(session, phase, say())
    session.commit()
    assert client_of(as_user=pm).get(f"/needs/{need.id}/edit").status_code == 200


def test_living_answer_says_how_many_could_and_saves_nothing(
    admin: CheckedClient, session: Session, phase: Phase
) -> None:
    session.add_all(_holders(5))
    session.commit()
    path = f"/needs/phases/{phase.id}/answer"
    said = {"title": "Analyst", "skills-0-skill_id": "SQL", "skills-0-level": "4", "skills-0-is_must": "y"}
    text = admin.send(path, said, page=f"/needs/phases/{phase.id}/add").text
    assert "<b>2 people</b> of 5 could" in text
    assert "“SQL at level 4” removes 3." in text
    assert "Person 5" in text
    unfinished = {**said, "skills-0-level": "", "fte_pct": "x", "from_offset": "99"}
    assert "<b>5 people</b> of 5 could" in admin.send(path, unfinished, page=f"/needs/phases/{phase.id}/add").text
    assert session.scalars(select(RoleNeed)).all() == []


def test_living_answer_stands_on_the_page_without_scripts(admin: CheckedClient, session: Session, phase: Phase) -> None:
    session.add_all(_holders(5))
    need = needs.add_need(session, phase, say(skills=[{"skill_id": 1, "level": 5}]))
    session.commit()
    assert "<b>1 person</b> of 5 could" in admin.get(f"/needs/{need.id}/edit").text


def test_criterion_in_disguise_is_warned_of_and_saved(admin: CheckedClient, session: Session, phase: Phase) -> None:
    said = {**WHOLE, "title": "Young native speaker", "styles-0-reason": "A good culture fit."}
    text = admin.send(f"/needs/phases/{phase.id}/answer", said, page="/needs").text
    for words in ("“Young”: it stands in for age", "“native speaker”: it stands in for origin", "“culture fit”"):
        assert words in text
    assert admin.send(f"/needs/phases/{phase.id}/add", said).status_code == 303
    need = session.scalars(select(RoleNeed)).one()
    assert "“native speaker”" in admin.get(f"/needs/{need.id}/edit").text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Digital native wanted", ["age"]), ("Natif du numérique", ["age"]), ("Jeune diplômé", ["age"]),
        ("Langue maternelle : français", ["origin"]), ("Native German speaker", ["origin"]),
        ("Bonne présentation", ["looks"]), ("Sans enfants", ["family"]), ("Salesman", ["sex"]),
        ("Youngest brand of the group", []), ("Speaks German at level C2", []), ("Rajeunir la marque", []),
    ],
)  # fmt: skip
def test_disguises_are_found_in_both_languages(text: str, kinds: list[str]) -> None:
    assert [found.kind for found in criteria.disguises([text])] == kinds


@pytest.mark.parametrize(("period", "words"), [("week", "10 weeks"), ("day", "10 days"), ("hour", "10 hours")])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_pages_count_in_the_workspaces_periods(
    client_of: Callable[..., CheckedClient], session: Session, phase: Phase, period: str, words: str, locale: str
) -> None:
    session.get_one(Workspace, 1).period = PeriodKind(period)
    phase.latest_on = phase.earliest_on + timedelta(hours=7)
    need = needs.add_need(session, phase, say(from_offset=2, to_offset=7, skills=[{"skill_id": 1, "level": 3}]))
    session.add_all(_holders(3))
    session.commit()
    client = client_of(RoleName.ADMINISTRATOR)
    session.scalars(select(User)).one().locale = locale
    session.commit()
    paths = (
        f"/projects/{phase.project_id}", f"/needs/{need.id}/edit", f"/projects/phases/{phase.id}/edit", "/projects",
        "/needs", f"/seats/{need.seats[0].key}/people", f"/projects/{phase.project_id}/edit",
    )  # fmt: skip
    texts = [client.get(path).text for path in paths]
    if locale == "en":
        assert words in texts[0]
        assert words in texts[1]


def test_only_so_many_tags_are_to_tick_and_the_others_stay(
    admin: CheckedClient, session: Session, phase: Phase
) -> None:
    need = needs.add_need(session, phase, say(tags=["zebra"]))
    for n in range(4):
        needs.add_need(session, phase, say(tags=[f"t{n}-{m:02}" for m in range(20)]))
    session.commit()
    text = admin.get(f"/needs/{need.id}/edit").text
    assert 'id="tags-59"' in text
    assert 'id="tags-60"' not in text
    assert 'name="tags-more" value="zebra"' in text


def test_known_tags_are_offered(session: Session, phase: Phase) -> None:
    needs.add_need(session, phase, say(tags=["own tag"], any_of=[["lang:it", "site:Oslo"]]))
    session.add(Person(key="p9", name="Ann", kind=PersonKind.EMPLOYEE, languages=["fr", "de"], tags=["drone"]))
    session.flush()
    assert needs.known_tags(session) == ["lang:de", "lang:fr", "drone", "lang:it", "own tag", "site:Oslo"]


def _holders(num: int) -> list[Person]:
    """People whose levels in SQL are 1, 2, 3 and so on."""
    return [
        Person(key=f"q{n}", name=f"Person {n}", kind=PersonKind.EMPLOYEE, skills=[PersonSkill(skill_id=1, level=n)])
        for n in range(1, num + 1)
    ]
