"""People: what may be said, what is refused and where, what comes back, and who may see whom."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pages import CheckedClient
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from planner.models import (
    Absence,
    AbsenceKind,
    Booking,
    BookingKind,
    CapacitySpan,
    ExchangeRate,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    Phase,
    Project,
    RatingSource,
    Removal,
    RoleName,
    RoleNeed,
    Seat,
    Site,
    Skill,
    User,
    Wish,
    Workspace,
    WorkStyle,
    today,
)
from planner.schemas.staffing_people import AbsenceSaid, PersonSaid
from planner.services.refused import Refused, Stale
from planner.services.staffing import people
from planner.words.staffing_people import wish_in_words

LYON, SEO, SQL, CALM, LAUNCH = 1, 1, 2, 1, 1


@pytest.fixture
def company(session: Session) -> Session:
    """One site, two skills, one work style that is on and one that is off, one project."""
    session.add_all([
        Site(name="Lyon", country="FR"),
        Skill(key="seo", name="SEO"), Skill(key="sql", name="SQL", name_fr="Requêtes SQL"),
        WorkStyle(key="cooperation", name="Cooperation"), WorkStyle(key="optimism", name="Optimism", is_on=False),
        Project(key="launch", name="Launch"),
    ])  # fmt: skip
    session.commit()
    return session


def said(**changes: Any) -> PersonSaid:
    return PersonSaid.model_validate({"name": "Ann Müller", **changes})


def whole(**changes: Any) -> PersonSaid:
    """Ann with a row of everything."""
    plain: dict[str, Any] = {
        "site_id": LYON, "languages": ["fr", "en"], "tags": ["night owl"], "cost_minor": 150_000,
        "capacity_spans": [{"fte_pct": 80}],
        "absences": [{"from_on": "2027-02-01", "to_on": "2027-02-05"}],
        "skills": [{"skill_id": SEO, "level": 4, "source": "test", "rated_on": "2026-10-01"}],
        "styles": [{"style_id": CALM, "score": 4.24, "source": "self", "rater": "Ann"}],
        "wishes": [{"project_id": LAUNCH, "wish": -40}],
    }  # fmt: skip
    return said(**plain | changes)


def typed(**changes: str) -> dict[str, str]:
    """What a browser sends from the form of a person with one row of each kind."""
    return {
        "name": "Ann Müller", "kind": "employee", "site_id": str(LYON), "languages": "French, german; en",
        "cost_minor": "1 650.50", "capacity_spans-0-fte_pct": "80",
        "absences-0-from_on": "2027-02-01", "absences-0-to_on": "2027-02-05", "absences-0-kind": "training",
        "skills-0-skill_id": "seo", "skills-0-level": "4", "skills-0-source": "test",
        "styles-0-style_id": str(CALM), "styles-0-score": "4.2", "styles-0-source": "self",
        "wishes-0-project_id": str(LAUNCH), "wishes-0-wish": "-40",
    } | changes  # fmt: skip


def refusal(call: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


def only_person(session: Session) -> Person:
    session.rollback()
    return session.scalars(select(Person)).one()


# The verbs


def test_person_is_added_with_a_key_and_everything_below(company: Session) -> None:
    person = people.add_person(company, whole())
    company.commit()
    assert person.key == f"p{person.id}"
    assert person.version == 1
    assert person.all_tags == ["site:Lyon", "lang:fr", "lang:en", "night owl"]
    assert [(row.skill.key, row.level, row.source) for row in person.skills] == [("seo", 4, RatingSource.TEST)]
    assert [(row.score, row.rater) for row in person.styles] == [(4.2, "Ann")]
    assert [(row.project.key, row.wish) for row in person.wishes] == [("launch", -40)]


def test_a_new_person_works_full_time_unless_said(company: Session) -> None:
    person = people.add_person(company, said())
    assert [(row.fte_pct, row.from_on, row.to_on) for row in person.capacity_spans] == [(100, None, None)]


def test_a_key_that_a_file_brought_in_is_not_given_again(company: Session) -> None:
    company.add(Person(key="p2", name="From a file", kind=PersonKind.EMPLOYEE))
    company.flush()
    assert people.add_person(company, said()).key not in ("p2", "")


def test_editing_keeps_the_rows_that_stay_and_drops_the_others(company: Session) -> None:
    person = people.add_person(company, whole())
    company.commit()
    kept, absence = person.skills[0].id, person.absences[0].id
    rows = [{"skill_id": SEO, "level": 5}, {"skill_id": SQL, "level": 2}]
    people.edit_person(company, person, whole(skills=rows, styles=[], wishes=[]), 1)
    company.commit()
    assert {row.id: row.level for row in person.skills}[kept] == 5
    assert len(person.skills) == 2
    assert person.absences[0].id == absence
    assert company.scalars(select(PersonStyle)).all() == []
    assert company.scalars(select(Wish)).all() == []


@pytest.mark.parametrize("version", [None, 0, 2])
def test_stale_or_missing_version_is_refused(company: Session, version: int | None) -> None:
    person = people.add_person(company, said())
    company.commit()
    with pytest.raises(Stale):
        people.edit_person(company, person, said(name="Bob"), version)


def test_an_edit_of_a_row_below_moves_the_version_on(company: Session) -> None:
    person = people.add_person(company, whole())
    company.commit()
    people.edit_person(company, person, whole(wishes=[{"project_id": LAUNCH, "wish": 10}]), 1)
    company.commit()
    assert person.version > 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"site_id": 99}, "choice_is_not_there", "site_id"),
        ({"skills": [{"skill_id": SEO, "level": 1}, {"skill_id": 99, "level": 1}]}, "skill_unknown",
         "skills.1.skill_id"),
        ({"skills": [{"skill_id": SEO, "level": 6}]}, "level_over_scale", "skills.0.level"),
        ({"styles": [{"style_id": 2, "score": 3}]}, "style_unknown", "styles.0.style_id"),
        ({"wishes": [{"project_id": 99, "wish": 3}]}, "choice_is_not_there", "wishes.0.project_id"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused_at_its_row(company: Session, changes: Any, code: str, field: str) -> None:
    refused = refusal(lambda: people.add_person(company, said(**changes)))
    assert (refused.code, refused.field) == (code, field)


def test_the_highest_level_of_the_workspace_is_allowed(company: Session) -> None:
    company.get_one(Workspace, 1).level_max = 7
    assert people.add_person(company, said(skills=[{"skill_id": SEO, "level": 7}])).skills[0].level == 7


def test_a_style_that_was_switched_off_stays_with_who_was_rated(company: Session) -> None:
    person = people.add_person(company, whole())
    company.get_one(WorkStyle, CALM).is_on = False
    company.commit()
    people.edit_person(company, person, whole(), 1)
    assert [row.score for row in person.styles] == [4.2]


def test_the_workspace_s_own_currency_is_not_kept_as_a_foreign_one(company: Session) -> None:
    assert people.add_person(company, said(cost_currency="EUR")).cost_currency == ""


def test_absences_are_added_edited_and_make_open_forms_stale(company: Session) -> None:
    person = people.add_person(company, whole())
    company.commit()
    free = AbsenceSaid(from_on=date(2027, 2, 6), to_on=date(2027, 2, 6), kind=AbsenceKind.TRAINING)
    absence = people.add_absence(company, person, free)
    company.commit()
    assert person.version == 2
    refused = refusal(lambda: people.edit_absence(
        company, absence, AbsenceSaid(from_on=date(2027, 2, 5), to_on=date(2027, 2, 6)), 1
    ))  # fmt: skip
    assert (refused.code, refused.field) == ("absence_overlaps", "from_on")
    people.edit_absence(company, absence, AbsenceSaid(from_on=date(2027, 2, 6), to_on=date(2027, 2, 9)), 1)
    with pytest.raises(Stale):
        people.edit_absence(company, absence, free, 1)


def test_wishes_have_five_words() -> None:
    words = [wish_in_words(value) for value in (-100, -76, -50, -26, -25, 0, 24, 26, 75, 76, 100)]
    assert words == [
        "does not want", "does not want", "would rather not", "would rather not", "would rather not",
        "does not mind", "does not mind", "would like to", "would like to", "wants very much", "wants very much",
    ]  # fmt: skip


# The pages


def test_person_is_typed_shown_and_edited(ops: CheckedClient, company: Session) -> None:
    added = ops.send("/people/add", typed())
    assert added.status_code == 303, added.text
    person = only_person(company)
    assert (person.languages, person.cost_minor) == (["fr", "de", "en"], 165_050)
    assert person.absences[0].kind is AbsenceKind.TRAINING
    page = ops.get(f"/people/{person.id}").text
    for words in ("Ann Müller", "Lyon", "€1,650.50", "SEO", "self-reported, never decides alone", "would rather not"):
        assert words in page, words
    form = ops.get(f"/people/{person.id}/edit").text
    assert 'value="French, German, English"' in form
    assert 'value="1650.50"' in form
    changed = typed(version=str(person.version), name="Ann Meyer", **{"skills-0-skill_id": "sql"})
    assert ops.send(f"/people/{person.id}/edit", changed).status_code == 303
    person = only_person(company)
    assert (person.name, [row.skill.key for row in person.skills]) == ("Ann Meyer", ["sql"])


def test_rows_are_added_and_removed_by_plain_buttons(ops: CheckedClient, company: Session) -> None:
    def names(text: str) -> list[str]:
        return re.findall(r'name="(skills-\d+-skill_id)"', text)

    more = ops.send("/people/add", typed(add_row="skills", name=""))
    assert more.status_code == 200
    assert names(more.text) == ["skills-0-skill_id", "skills-1-skill_id"]
    assert "Fill this in." not in more.text  # nothing is judged before it is sent
    two = typed(remove_row="skills-0") | {"skills-1-skill_id": "sql", "skills-1-level": "2"}
    less = ops.send("/people/add", two)
    assert names(less.text) == ["skills-0-skill_id"]
    assert 'value="SQL"' in less.text
    assert 'value="SEO"' not in less.text.replace('<option value="SEO">', "")
    assert company.scalars(select(Person)).all() == []


def test_an_empty_row_says_nothing_and_moves_no_error(ops: CheckedClient, company: Session) -> None:
    sent = typed(**{"skills-0-skill_id": ""}) | {"skills-1-skill_id": "sql", "skills-1-level": "9"}
    refused = ops.send("/people/add", sent)
    assert refused.status_code == 409
    wrong = re.search(r'<input[^>]*name="skills-1-level"[^>]*>', refused.text)
    assert wrong is not None
    assert 'aria-invalid="true"' in wrong[0]
    assert "Levels go up to 5 here." in refused.text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": " "}, "name", "Fill this in."),
        ({"email": "ann"}, "email", "This is not an e-mail address."),
        ({"cost_minor": "lots"}, "cost_minor", "Enter an amount of money"),
        ({"cost_minor": "1.005"}, "cost_minor", "at most two digits"),
        ({"languages": "Klingonese!"}, "languages", "not in the form that is expected"),
        ({"capacity_spans-0-fte_pct": "101"}, "capacity_spans-0-fte_pct", "Enter 100 or less."),
        (
            {"capacity_spans-1-fte_pct": "50", "capacity_spans-1-from_on": "2027-03-01"},
            "capacity_spans-1-from_on", "This overlaps with another row.",
        ),
        ({"absences-0-to_on": "2027-01-01"}, "absences-0-to_on", "This ends before it begins."),
        (
            {"absences-1-from_on": "2027-02-05", "absences-1-to_on": "2027-02-08"},
            "absences-1-from_on", "This overlaps with another row.",
        ),
        ({"skills-0-skill_id": "juggling"}, "skills-0-skill_id", "There is no skill “juggling”."),
        (
            {"skills-1-skill_id": "SEO", "skills-1-level": "2"},
            "skills-1-skill_id", "This stands in another row already.",
        ),
        ({"styles-0-score": "5.1"}, "styles-0-score", "Enter 5.0 or less."),
        ({"wishes-0-wish": "-101"}, "wishes-0-wish", "Enter -100 or more."),
        ({"kind": "candidate"}, "kind", "A candidate is added under Candidates."),
    ],
)  # fmt: skip
def test_each_fault_stands_at_its_field(
    ops: CheckedClient, company: Session, changes: dict[str, str], field: str, words: str
) -> None:
    refused = ops.send("/people/add", typed(**changes))
    assert refused.status_code == 422
    at_field = re.search(rf'id="{field}-error">([^<]*)<', refused.text)
    assert at_field is not None, refused.text
    assert words in at_field[1]
    assert company.scalars(select(Person)).all() == []


def test_hours_that_follow_one_another_do_not_overlap(ops: CheckedClient, company: Session) -> None:
    following = {
        "capacity_spans-0-to_on": "2027-03-01", "capacity_spans-1-fte_pct": "50",
        "capacity_spans-1-from_on": "2027-03-01",
    }  # fmt: skip
    assert ops.send("/people/add", typed(**following)).status_code == 303
    assert [row.fte_pct for row in only_person(company).capacity_spans] == [80, 50]


def test_stale_form_shows_both_values_and_keeps_what_was_typed(ops: CheckedClient, company: Session) -> None:
    ops.send("/people/add", typed())
    person = only_person(company)
    path = f"/people/{person.id}/edit"
    ops.send(path, typed(version="1", cost_minor="2000"))
    for version in ("1", ""):
        refused = ops.send(path, typed(version=version, cost_minor="1900", **{"skills-0-level": "5"}))
        assert refused.status_code == 409
        for words in ("2000", "1900", "SEO"):
            assert words in refused.text, words
        assert 'name="skills-0-level" value="5"' in refused.text
    assert only_person(company).cost_minor == 200_000


def test_removed_person_comes_back_whole(ops: CheckedClient, company: Session) -> None:
    people.add_person(company, whole())
    company.commit()
    person = only_person(company)
    before = {
        "id": person.id, "key": person.key, "spans": [(s.id, s.fte_pct) for s in person.capacity_spans],
        "absences": [(a.id, a.from_on) for a in person.absences], "skills": [(s.id, s.level) for s in person.skills],
        "styles": [(s.id, s.score, s.source) for s in person.styles], "wishes": [(w.id, w.wish) for w in person.wishes],
    }  # fmt: skip
    assert "Remove" in ops.get(f"/people/{person.id}/remove").text
    ops.send(f"/people/{person.id}/remove")
    company.rollback()
    for table in (Person, CapacitySpan, Absence, PersonSkill, PersonStyle, Wish):
        assert company.scalars(select(table)).all() == [], table
    removal = company.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/people")
    person = only_person(company)
    assert before == {
        "id": person.id, "key": person.key, "spans": [(s.id, s.fte_pct) for s in person.capacity_spans],
        "absences": [(a.id, a.from_on) for a in person.absences], "skills": [(s.id, s.level) for s in person.skills],
        "styles": [(s.id, s.score, s.source) for s in person.styles], "wishes": [(w.id, w.wish) for w in person.wishes],
    }  # fmt: skip


def test_absence_is_added_edited_removed_and_brought_back_on_the_page(ops: CheckedClient, company: Session) -> None:
    person = people.add_person(company, said())
    company.commit()
    page = f"/people/{person.id}"
    days = {"from_on": "2027-05-03", "to_on": "2027-05-07", "kind": "leave"}
    assert ops.send(f"{page}/absences/add", days, page=page).status_code == 303
    assert ops.send(f"{page}/absences/add", days, page=page).status_code == 409
    company.rollback()
    absence = company.scalars(select(Absence)).one()
    longer = {**days, "to_on": "2027-05-10", "version": str(absence.version)}
    assert ops.send(f"/people/absences/{absence.id}/edit", longer).status_code == 303
    ops.send(f"/people/absences/{absence.id}/remove")
    company.rollback()
    assert company.scalars(select(Absence)).all() == []
    version = only_person(company).version
    assert version > 2  # a form that was open before the removal is stale now
    removal = company.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page=page)
    company.rollback()
    assert company.scalars(select(Absence)).one().to_on == date(2027, 5, 10)


def test_page_shows_capacity_seats_and_holidays(ops: CheckedClient, company: Session) -> None:
    workspace = company.get_one(Workspace, 1)
    workspace.calendar_start_on = date(2027, 1, 4)
    person = people.add_person(company, whole())
    phase = Phase(
        key="f1", project_id=LAUNCH, name="Build", duration=4, earliest_on=workspace.moment_of(2),
        latest_on=workspace.moment_of(2),
        needs=[RoleNeed(title="Search lead", fte_pct=40, seats=[Seat(key="s1.1")])],
    )  # fmt: skip
    company.add(phase)
    company.flush()
    seat = company.scalars(select(Seat)).one()
    company.add(Booking(seat_id=seat.id, person_id=person.id, booking=BookingKind.HARD))
    company.commit()
    page = ops.get(f"/people/{person.id}").text
    for words in ("Search lead", "Launch", "agreed", "Easter Monday", "Jan 18, 2027 – Feb 14, 2027"):
        assert words in page, words
    first_row = re.findall(r'<td class="(?:gives|leave)[^>]*>(?:<i>)?(\w+)', page)[:5]
    assert first_row == ["80", "80", "80", "80", "away"]  # a week of leave from the first of February


def test_cost_in_another_currency_is_converted_by_the_newest_rate_that_has_begun(
    ops: CheckedClient, company: Session
) -> None:
    person = people.add_person(company, said(cost_minor=100_000, cost_currency="GBP"))
    company.commit()
    page = f"/people/{person.id}"
    assert "There is no exchange rate for GBP yet" in ops.get(page).text
    assert "no rate for GBP" in ops.get("/people").text
    for days, rate in ((-400, 1.1), (-10, 1.25), (1, 9.0)):
        company.add(ExchangeRate(currency="GBP", from_on=today() + timedelta(days=days), rate=rate))
    company.commit()
    assert "€1,250" in ops.get(page).text
    assert "£1,000" in ops.get(page).text


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/people", {"Ann", "Bea", "Cem"}),
        ("/people?q=be", {"Bea"}),
        ("/people?kind=contractor", {"Cem"}),
        ("/people?kind=nonsense", set()),
        ("/people?site=1", {"Ann"}),
        ("/people?site=none", {"Bea", "Cem"}),
        ("/people?skill=1&level=4", {"Ann"}),
        ("/people?skill=1&level=2", {"Ann", "Bea"}),
        ("/people?skill=1", {"Ann", "Bea"}),
        ("/people?language=fr", {"Ann"}),
        ("/people?skill=x&site=y&level=z&page=99&size=7&sort=nonsense", set()),
    ],
)
def test_list_is_searched_and_filtered_by_its_url(
    ops: CheckedClient, company: Session, url: str, names: set[str]
) -> None:
    people.add_person(company, whole(name="Ann"))
    people.add_person(company, said(name="Bea", skills=[{"skill_id": SEO, "level": 3}], languages=["fra"]))
    people.add_person(company, said(name="Cem", kind="contractor"))
    company.commit()
    text = ops.get(url).text
    assert {name for name in ("Ann", "Bea", "Cem") if f">{name}</a>" in text} == names


def test_list_is_sorted_by_its_url(ops: CheckedClient, company: Session) -> None:
    for name, cost in (("Ann", 300), ("bea", 100), ("Cem", 200)):
        people.add_person(company, said(name=name, cost_minor=cost))
    company.commit()

    def order(url: str) -> list[str]:
        return re.findall(r'<th scope="row"><a [^>]*>(\w+)</a>', ops.get(url).text)

    assert order("/people") == ["Ann", "bea", "Cem"]
    assert order("/people?sort=-name") == ["Cem", "bea", "Ann"]
    assert order("/people?sort=cost") == ["bea", "Cem", "Ann"]


def test_list_asks_the_same_number_of_questions_however_long_it_is(
    app: Flask, ops: CheckedClient, company: Session
) -> None:
    def num_queries() -> int:
        seen: list[str] = []
        listen = (app.extensions["planner_engine"], "before_cursor_execute")

        def count(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(*listen, count)
        ops.get("/people")
        event.remove(*listen, count)
        return len(seen)

    people.add_person(company, whole(name="One"))
    company.commit()
    few = num_queries()
    for n in range(20):
        people.add_person(company, whole(name=f"Person {n}"))
    company.commit()
    assert num_queries() == few


def test_list_of_5000_people_answers_in_half_a_second(ops: CheckedClient, company: Session) -> None:
    numbers = range(1, 5001)
    rows = [{"id": n, "key": f"x{n}", "name": f"Person {n:04}", "kind": "employee", "site_id": LYON} for n in numbers]
    company.execute(insert(Person), rows)
    company.execute(insert(CapacitySpan), [{"person_id": n, "fte_pct": 100} for n in numbers])
    levels = [{"person_id": n, "skill_id": SEO, "level": 1 + n % 5} for n in numbers]
    company.execute(insert(PersonSkill), levels)
    company.commit()
    for url in ("/people?page=150", "/people?q=99&skill=1&level=4&sort=-cost", "/people?language=fr"):
        assert min(seconds(ops, url) for _again in range(3)) < 0.5, url


def seconds(client: CheckedClient, url: str) -> float:
    """What an answer costs this process, without reading it; others on a busy machine do not count."""
    started = time.process_time()
    assert FlaskClient.open(client, url).status_code == 200
    return time.process_time() - started


# Who may


@pytest.mark.parametrize("role", [RoleName.PROJECT_MANAGER, RoleName.EXECUTIVE, RoleName.COMPLIANCE])
def test_who_sees_people_but_does_not_run_them_may_not_change_them(
    client_of: Callable[..., CheckedClient], company: Session, role: RoleName
) -> None:
    person = people.add_person(company, said())
    company.commit()
    client = client_of(role)
    assert client.get(f"/people/{person.id}").status_code == 200
    for path in ("/people/add", f"/people/{person.id}/edit", f"/people/{person.id}/remove"):
        assert client.get(path).status_code == 403, path


def test_a_member_sees_nobody_but_themselves_and_no_cost(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], company: Session
) -> None:
    me, other = (people.add_person(company, said(name=name, cost_minor=123_400)) for name in ("Me", "Other"))
    company.commit()
    client = client_of(as_user=user(RoleName.MEMBER, person_id=me.id))
    own = client.get(f"/people/{me.id}")
    assert own.status_code == 200
    assert "1,234" not in own.text
    assert client.get(f"/people/{other.id}").status_code == 404
    assert client.get(f"/people/{me.id}/edit").status_code == 403
    assert client.get("/people/99").status_code == 404
    listed = client.get("/people").text
    assert ">Me</a>" in listed
    assert "Other" not in listed
    assert "1,234" not in listed


def test_a_member_without_a_person_sees_an_empty_list(
    client_of: Callable[..., CheckedClient], company: Session
) -> None:
    people.add_person(company, said(name="Other"))
    company.commit()
    assert "Other" not in client_of(RoleName.MEMBER).get("/people").text


def test_a_person_whom_a_file_gave_more_rows_than_one_types_is_edited_whole(
    ops: CheckedClient, company: Session
) -> None:
    def weeks(n: int) -> datetime:
        return company.get_one(Workspace, 1).moment_of(n)

    spans = [CapacitySpan(fte_pct=n, from_on=weeks(n), to_on=weeks(n + 1)) for n in range(70)]
    tags = [f"machine {n}" for n in range(400)]
    company.add(Person(key="x", name="Loaded", kind=PersonKind.EMPLOYEE, capacity_spans=spans, tags=tags))
    company.commit()
    page = ops.get("/people/1/edit").text
    assert 'name="capacity_spans-69-fte_pct"' in page
    rows = {
        f"capacity_spans-{n}-{name}": value
        for n in range(70)
        for name, value in (
            ("fte_pct", str(n)), ("from_on", weeks(n).date().isoformat()), ("to_on", weeks(n + 1).date().isoformat()),
        )
    }  # fmt: skip
    sent = {"name": "Renamed", "kind": "employee", "version": "1", "tags": ", ".join(tags), **rows}
    assert ops.send("/people/1/edit", sent).status_code == 303
    person = only_person(company)
    assert person.name == "Renamed"
    assert [row.fte_pct for row in person.capacity_spans] == list(range(70))
    assert person.tags == tags
    shown = ops.get("/people/1").text
    assert "and 394 more tags" in shown


def test_moments_carry_an_hour_only_where_the_workspace_counts_hours(ops: CheckedClient, company: Session) -> None:
    from planner.models import PeriodKind

    company.get_one(Workspace, 1).period = PeriodKind.HOUR
    company.commit()
    assert 'type="datetime-local"' in ops.get("/people/add").text
    shift = {"capacity_spans-0-from_on": "2027-03-01T09:00", "capacity_spans-0-to_on": "2027-03-01T17:00"}
    assert ops.send("/people/add", typed(**shift)).status_code == 303
    assert only_person(company).capacity_spans[0].from_on == datetime.fromisoformat("2027-03-01 09:00")
