"""Two who edit one record: what each changed alone merges by itself, what both changed is asked, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import rows
from databases import on_both
from flask import Flask
from markup import Form, Markup, parse
from pages import CheckedClient, editing_form
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from planner.models import Absence, AbsenceKind, Person, PersonSkill, Plan, RoleName, Skill

Clients = Callable[..., CheckedClient]


@pytest.fixture
def person(session: Session) -> Person:
    """Somebody with two skills, away for a week."""
    world = rows.world(session)
    one: Person = world["person"]
    one.name, one.email = "Ann", "ann@example.com"
    for n, name in enumerate(("SEO", "SQL"), start=1):
        skill = Skill(key=f"s{n}", name=name)
        session.add(skill)
        session.flush()
        one.skills.append(PersonSkill(skill_id=skill.id, level=n))
    session.commit()
    return one


@pytest.fixture
def both(client_of: Clients) -> tuple[CheckedClient, CheckedClient]:
    return client_of(RoleName.ADMINISTRATOR), client_of(RoleName.OPERATIONS)


def read(client: CheckedClient, person: Person) -> MultiDict[str, str]:
    return client.form(f"/people/{person.id}/edit")


def sent(client: CheckedClient, person: Person, form: MultiDict[str, str], **changes: str) -> TestResponse:
    said = form.copy()
    for name, value in changes.items():
        said[name.replace("__", "-")] = value
    return client.post(f"/people/{person.id}/edit", data=said)


def asked(answer: TestResponse) -> dict[str, tuple[str, ...]]:
    """The rows of the page that asks: field -> then, yours, theirs."""
    page = parse(answer.text)
    [table] = [node for node in page.root.all("table") if node.get("id") == "conflicts"]
    return {
        next(row.all("th")).text: tuple(cell.text for cell in row.all("td"))
        for row in table.all("tr")
        if any(row.all("td"))
    }


def folded(page: Markup) -> list[str]:
    return [node.text for node in page.root.all("summary") if "no question" in node.text]


def now(session: Session, person: Person) -> Person:
    session.rollback()
    session.expire_all()
    return session.get_one(Person, person.id)


@on_both
def test_what_each_changed_alone_is_saved_together_without_a_question(
    session: Session, person: Person, both: tuple[CheckedClient, CheckedClient]
) -> None:
    mine, theirs = both
    form = read(mine, person)
    assert sent(theirs, person, read(theirs, person), email="anna@example.com", skills__0__level="4").status_code == 303
    saved = sent(mine, person, form, name="Anna", skills__1__level="5")
    assert saved.status_code == 303
    after = now(session, person)
    assert (after.name, after.email) == ("Anna", "anna@example.com")
    assert sorted(row.level for row in after.skills) == [4, 5]
    told = parse(mine.get(saved.location).text).root.text
    assert "Somebody else has changed this meanwhile, and it stands too: E-mail, Skills · SEO · Level" in told


def test_only_what_both_changed_is_asked_and_the_rest_is_counted(
    session: Session, person: Person, both: tuple[CheckedClient, CheckedClient]
) -> None:
    mine, theirs = both
    form = read(mine, person)
    sent(theirs, person, read(theirs, person), name="Anne", email="new@example.com", skills__0__level="4")
    refused = sent(mine, person, form, name="Anna", skills__0__level="5", skills__1__level="3")
    assert refused.status_code == 409
    assert asked(refused) == {
        "Name": ("Then Ann", "Yours Anna", "Theirs Anne"),
        "Skills · SEO · Level": ("Then 1", "Yours 5", "Theirs 4"),
    }
    page = parse(refused.text)
    assert folded(page) == ["2 other changes need no question"]
    merging = editing_form(page)
    chosen = choices(merging, "yours", "theirs")
    assert mine.post(f"/people/{person.id}/edit", data=merging.values() | chosen).status_code == 303
    after = now(session, person)
    assert (after.name, after.email) == ("Anna", "new@example.com")
    assert sorted(row.level for row in after.skills) == [3, 4]


def choices(form: Form, *sides: str) -> MultiDict[str, str]:
    """What is chosen in the rows of the page that asks, from the top."""
    names = dict.fromkeys(node.get("name") for node in form.node.all("input") if node.get("type") == "radio")
    assert len(names) == len(sides)
    return MultiDict(zip(names, sides, strict=True))


def test_row_that_is_not_answered_is_asked_again_and_the_answers_are_kept(
    session: Session, person: Person, both: tuple[CheckedClient, CheckedClient]
) -> None:
    mine, theirs = both
    form = read(mine, person)
    sent(theirs, person, read(theirs, person), name="Anne", email="new@example.com")
    merging = editing_form(parse(sent(mine, person, form, name="Anna", email="mine@example.com").text))
    first = next(iter(choices(merging, "yours", "yours")))
    again = mine.post(f"/people/{person.id}/edit", data=merging.values() | MultiDict({first: "theirs"}))
    assert again.status_code == 422
    assert "Choose what shall stand: E-mail" in again.text
    assert "Choose what shall stand: Name" not in again.text
    rest = editing_form(parse(again.text))
    assert rest.values()[first] == "theirs"
    last = list(choices(rest, "yours", "yours"))[1]
    assert mine.post(f"/people/{person.id}/edit", data=rest.values() | MultiDict({last: "yours"})).status_code == 303
    after = now(session, person)
    assert (after.name, after.email) == ("Anne", "mine@example.com")


def test_who_is_overtaken_while_choosing_is_asked_about_what_is_there_then(
    session: Session, person: Person, both: tuple[CheckedClient, CheckedClient]
) -> None:
    mine, theirs = both
    form = read(mine, person)
    sent(theirs, person, read(theirs, person), name="Anne")
    merging = editing_form(parse(sent(mine, person, form, name="Anna").text))
    sent(theirs, person, read(theirs, person), name="Annette", email="late@example.com")
    late = mine.post(f"/people/{person.id}/edit", data=merging.values() | choices(merging, "yours"))
    assert late.status_code == 409
    assert asked(late) == {"Name": ("Then Ann", "Yours Anna", "Theirs Annette")}
    again = editing_form(parse(late.text))
    assert mine.post(f"/people/{person.id}/edit", data=again.values()).status_code == 303
    after = now(session, person)
    assert (after.name, after.email) == ("Anna", "late@example.com")


def test_row_that_one_took_out_and_the_other_changed_is_asked_whole(
    session: Session, person: Person, both: tuple[CheckedClient, CheckedClient]
) -> None:
    mine, theirs = both
    form, other = read(mine, person), read(theirs, person)
    without = MultiDict([(name, value) for name, value in other.items(multi=True) if not name.startswith("skills-0")])
    sent(theirs, person, without)
    refused = sent(mine, person, form, skills__0__level="5")
    [(field, (then, yours, gone))] = asked(refused).items()
    assert field == "Skills · SEO"
    assert "Level: 1" in then
    assert "Level: 5" in yours
    assert gone == "Theirs nothing"
    merging = editing_form(parse(refused.text))
    assert mine.post(f"/people/{person.id}/edit", data=merging.values() | choices(merging, "theirs")).status_code == 303
    assert [row.level for row in now(session, person).skills] == [2]


def test_rows_that_both_added_are_all_there(
    session: Session, person: Person, both: tuple[CheckedClient, CheckedClient]
) -> None:
    mine, theirs = both
    form, other = read(mine, person), read(theirs, person)
    n = len([name for name in form if name.startswith("absences-") and name.endswith("from_on")])
    away = {f"absences-{n}-from_on": "2027-04-05", f"absences-{n}-to_on": "2027-04-06", f"absences-{n}-kind": "leave"}
    later = {name: value.replace("-04-", "-05-") for name, value in away.items()}
    assert theirs.post(f"/people/{person.id}/edit", data=other | MultiDict(away)).status_code == 303
    assert mine.post(f"/people/{person.id}/edit", data=form | MultiDict(later)).status_code == 303
    found = session.scalars(select(Absence).where(Absence.person_id == person.id, Absence.kind == AbsenceKind.LEAVE))
    assert {row.from_on.month for row in found} >= {4, 5}


def test_merged_record_that_breaks_a_law_goes_back_to_its_form(
    session: Session, person: Person, both: tuple[CheckedClient, CheckedClient]
) -> None:
    """Each half is right alone; together they say that an absence ends before it begins."""
    world = {"absence": session.scalars(select(Absence).where(Absence.person_id == person.id)).one()}
    path = f"/people/absences/{world['absence'].id}/edit"
    mine, theirs = both
    form, other = mine.form(path), theirs.form(path)
    assert theirs.post(path, data={**other, "to_on": "2027-02-02"}).status_code == 303
    refused = mine.post(path, data={**form, "from_on": "2027-02-04"})
    assert refused.status_code == 422
    shown = editing_form(parse(refused.text)).values()
    assert (shown["from_on"], shown["to_on"]) == ("2027-02-04", "2027-02-02")
    assert mine.post(path, data={**shown, "to_on": "2027-02-09"}).status_code == 303


@pytest.mark.parametrize("carried", ["", "made up", None])
def test_without_what_was_read_whatever_differs_is_asked(
    person: Person, both: tuple[CheckedClient, CheckedClient], carried: str | None
) -> None:
    mine, theirs = both
    form = read(mine, person)
    sent(theirs, person, read(theirs, person), email="new@example.com")
    if carried is None:
        form.poplist("as_read")
    else:
        form["as_read"] = carried
    refused = sent(mine, person, form, name="Anna")
    assert refused.status_code == 409
    assert asked(refused) == {
        "Name": ("Yours Anna", "Theirs Ann"),
        "E-mail": ("Yours ann@example.com", "Theirs new@example.com"),
    }


def test_what_was_read_of_another_version_is_not_believed(
    session: Session, person: Person, both: tuple[CheckedClient, CheckedClient]
) -> None:
    mine, theirs = both
    form = read(mine, person)
    sent(theirs, person, read(theirs, person), name="Anne")
    old = form["as_read"]
    fresh = read(mine, person)
    fresh["as_read"], fresh["version"] = old, "999"
    assert sent(mine, person, fresh, name="Anna").status_code == 409
    assert now(session, person).name == "Anne"


@on_both
def test_second_on_a_seat_is_asked_again_with_the_reason_kept(app: Flask, session: Session, client_of: Clients) -> None:
    world = rows.world(session)
    path = f"/plans/{world['plan'].id}/take-off/{world['seat'].key}"
    mine, theirs = client_of(RoleName.ADMINISTRATOR), client_of(RoleName.OPERATIONS)
    form = mine.form(path)
    assert theirs.save(path, reason="she is away").status_code == 303
    refused = mine.post(path, data={**form, "reason": "she leaves in May"})
    assert refused.status_code == 409
    page = parse(refused.text)
    [changed] = [row for row in page.root.all("tr") if [cell.text for cell in row.all("td")][1:] == ["nobody"]]
    assert world["person"].key in next(changed.all("td")).text or "proposed" in next(changed.all("td")).text
    again = editing_form(page)
    assert again.values()["reason"] == "she leaves in May"
    session.rollback()
    session.expire_all()
    assert again.values()["version"] == str(session.get_one(Plan, world["plan"].id).version)


def test_forms_send_what_a_browser_would_send(person: Person, both: tuple[CheckedClient, CheckedClient]) -> None:
    """What a page carries as read is what its own fields say: else every edit would look like a change."""
    mine, theirs = both
    form = read(mine, person)
    sent(theirs, person, read(theirs, person), email="new@example.com")
    merging = parse(sent(mine, person, form, email="mine@example.com").text)
    assert folded(merging) == []


def test_text_survives_a_session_that_has_ended(person: Person, both: tuple[CheckedClient, CheckedClient]) -> None:
    mine, _theirs = both
    form = {**read(mine, person), "name": "Anna <b>"}
    with mine.session_transaction() as cookie:
        cookie.clear()
    path, ours = f"/people/{person.id}/edit", {"Sec-Fetch-Site": "same-origin"}
    held = mine.post(path, data=form, headers=ours)
    assert held.status_code in (400, 401)
    kept = editing_form(parse(held.text))
    assert kept.values()["name"] == "Anna <b>"
    other = mine.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert "Anna" not in other.text, "what another site sends never stands on a page of ours"
    with mine.session_transaction() as cookie:
        cookie.update(_user_id=_admin_of(mine), _fresh=True)
    twice = mine.post(path, data=kept.values(), headers=ours)
    if twice.status_code == 400:
        twice = mine.post(path, data=editing_form(parse(twice.text)).values(), headers=ours)
    assert twice.status_code == 303


def _admin_of(client: CheckedClient) -> str:
    sessions = client.application.extensions["planner_sessions"]
    with sessions() as session:
        found = session.scalars(select(rows.User).order_by(rows.User.id.desc())).all()
        return next(user.fs_uniquifier for user in found if RoleName.ADMINISTRATOR in user.role_names)


def test_fragment_of_a_session_that_has_ended_says_so(client_of: Clients) -> None:
    answer = client_of().get("/people", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.data) == (401, b"")
