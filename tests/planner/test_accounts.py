from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import OutgoingMail, Person, PersonKind, RoleName, User, Workspace


@pytest.fixture
def boss(session: Session, user: Callable[..., User]) -> User:
    return user(RoleName.ADMINISTRATOR, name="Ada Boss")


@pytest.fixture
def admin(client_of: Callable[..., CheckedClient], boss: User) -> CheckedClient:
    return client_of(as_user=boss)


def said_of(user: User, **changes: object) -> dict[str, object]:
    plain = {
        "name": user.name,
        "email": user.email,
        "roles": sorted(user.role_names),
        "locale": user.locale,
        "active": "y",
        "version": user.version,
    }
    return {**plain, **changes}


def test_user_is_added_linked_to_a_person_and_given_a_link(admin: CheckedClient, session: Session) -> None:
    session.add(Person(key="p1", name="Zoé Martin", kind=PersonKind.EMPLOYEE))
    session.commit()
    person = session.scalars(select(Person)).one()
    said = {
        "name": "Zoé",
        "email": "Zoe@Corp.local",
        "roles": ["member", "project_manager"],
        "locale": "fr",
        "active": "y",
    }
    assert admin.send("/account/users/add", {**said, "person_id": str(person.id)}).status_code == 303
    session.rollback()
    zoe = session.scalars(select(User).where(User.name == "Zoé")).one()
    assert (zoe.email, zoe.person_id, zoe.locale) == ("zoe@corp.local", person.id, "fr")
    assert zoe.role_names == {RoleName.MEMBER, RoleName.PROJECT_MANAGER}

    admin.send(f"/account/users/{zoe.id}/password-link", page="/account/users")
    session.rollback()
    mail = session.scalars(select(OutgoingMail)).one()
    link = re.search(r"http://localhost(/reset/\S+)", mail.body)
    assert mail.recipient == "zoe@corp.local"
    assert link
    assert link[1] in admin.get("/account/mail").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"email": "nobody"}, "email"), ({"roles": []}, "roles"), ({"roles": ["king"]}, "roles"), ({"name": ""}, "name")],
)
def test_user_is_checked(admin: CheckedClient, session: Session, wrong: dict[str, object], field: str) -> None:
    said = {"name": "Zoé", "email": "zoe@corp.local", "roles": ["member"], "locale": "fr", "active": "y"}
    refused = admin.send("/account/users/add", {**said, **wrong})
    assert refused.status_code == 422
    assert f'href="#{field}' in refused.text
    assert len(session.scalars(select(User)).all()) == 1


def test_address_belongs_to_one_user(admin: CheckedClient, boss: User) -> None:
    said = {"name": "Other", "email": boss.email.upper(), "roles": ["member"], "locale": "en"}
    refused = admin.send("/account/users/add", said)
    assert refused.status_code == 409
    assert "There is a user with the address" in refused.text


def test_person_that_is_not_there_is_refused(admin: CheckedClient) -> None:
    said = {"name": "Zoé", "email": "zoe@corp.local", "roles": ["member"], "locale": "fr", "person_id": "999999"}
    assert admin.send("/account/users/add", said).status_code == 409


@pytest.mark.parametrize("changes", [{"roles": ["operations"]}, {"active": ""}])
def test_last_administrator_cannot_be_demoted_or_switched_off(
    admin: CheckedClient, boss: User, session: Session, changes: dict[str, object]
) -> None:
    refused = admin.send(f"/account/users/{boss.id}/edit", said_of(boss, **changes))
    assert refused.status_code == 409
    assert "the only administrator" in refused.text
    session.refresh(boss)
    assert boss.active
    assert boss.role_names == {RoleName.ADMINISTRATOR}


def test_last_administrator_cannot_be_removed(admin: CheckedClient, boss: User, session: Session) -> None:
    page = admin.send(f"/account/users/{boss.id}/remove", follow_redirects=True)
    assert "the only administrator" in page.text
    assert session.scalars(select(User)).all() == [boss]


def test_one_of_two_administrators_can_go(admin: CheckedClient, session: Session, user: Callable[..., User]) -> None:
    second = user(RoleName.ADMINISTRATOR)
    assert admin.send(f"/account/users/{second.id}/edit", said_of(second, roles=["operations"])).status_code == 303
    session.refresh(second, ["granted"])
    assert second.role_names == {RoleName.OPERATIONS}


def test_switched_off_administrator_is_not_counted(
    admin: CheckedClient, boss: User, session: Session, user: Callable[..., User]
) -> None:
    asleep = user(RoleName.ADMINISTRATOR)
    asleep.active = False
    session.commit()
    assert admin.send(f"/account/users/{boss.id}/edit", said_of(boss, roles=["member"])).status_code == 409


def test_change_of_roles_alone_is_an_edit_that_others_must_see(
    admin: CheckedClient, session: Session, user: Callable[..., User]
) -> None:
    someone = user(RoleName.MEMBER)
    path, said = f"/account/users/{someone.id}/edit", said_of(someone, roles=["member", "executive"])
    assert admin.send(path, said).status_code == 303
    stale = admin.send(path, {**said, "roles": ["compliance"]})
    assert stale.status_code == 409
    session.refresh(someone, ["granted"])
    assert RoleName.EXECUTIVE in someone.role_names


def test_user_who_is_removed_is_logged_out_and_can_come_back(
    admin: CheckedClient, client_of: Callable[..., CheckedClient], session: Session, user: Callable[..., User]
) -> None:
    someone = user(RoleName.OPERATIONS, name="Olga")
    browser = client_of(as_user=someone)
    assert browser.get("/account").status_code == 200
    page = admin.send(f"/account/users/{someone.id}/remove", follow_redirects=True).text
    assert browser.get("/account").status_code == 303
    undo = re.search(r'action="(/account/removals/\d+/restore)"', page)
    assert undo
    admin.send(undo[1], page="/account/users")
    assert browser.get("/account").status_code == 200


def test_lost_telephone_is_forgotten(admin: CheckedClient, session: Session, user: Callable[..., User]) -> None:
    someone = user(RoleName.MEMBER)
    someone.tf_primary_method, someone.tf_totp_secret, before = "authenticator", "secret", someone.fs_uniquifier
    session.commit()
    admin.send(f"/account/users/{someone.id}/forget-code", page="/account/users")
    session.refresh(someone)
    assert (someone.tf_primary_method, someone.tf_totp_secret) == (None, None)
    assert someone.fs_uniquifier != before


def test_users_are_found_by_name_role_and_state(
    admin: CheckedClient, session: Session, user: Callable[..., User]
) -> None:
    user(RoleName.MEMBER, name="Mia Member")
    off = user(RoleName.OPERATIONS, name="Otto Off")
    off.active = False
    session.commit()

    def found(query: str) -> set[str]:
        page = admin.get(f"/account/users?{query}").text
        return {name for name in ("Ada Boss", "Mia Member", "Otto Off") if f">{name}</a>" in page}

    assert found("") == {"Ada Boss", "Mia Member", "Otto Off"}
    assert found("q=mia") == {"Mia Member"}
    assert found("role=operations") == {"Otto Off"}
    assert found("state=active") == {"Ada Boss", "Mia Member"}


def test_own_name_language_and_colours(client_of: Callable[..., CheckedClient], session: Session, boss: User) -> None:
    browser = client_of(as_user=boss)
    said = {"name": "Ada L.", "locale": "fr", "theme": "dark", "version": "1"}
    assert browser.send("/account", said).status_code == 303
    page = browser.get("/account").text
    assert '<html lang="fr" data-theme="dark">' in re.sub(r"\s+", " ", page)
    assert "Ada L." in page
    assert browser.send("/account", {**said, "name": "Stale"}).status_code == 409


def test_settings_are_edited_and_seen_by_others(
    admin: CheckedClient, client_of: Callable[..., CheckedClient], session: Session
) -> None:
    form = {
        "name": "Acme", "currency": "CHF", "period": "day", "calendar_start_on": "2027-01-04", "num_periods": "60",
        "level_max": "7", "version": "1", **{f"weights-{name}": "10" for name in WEIGHTS}, "limits-max_hires": "",
        "limits-hire_budget": "5000", "limits-budget": "",
    }  # fmt: skip
    assert admin.send("/account/settings/edit", form).status_code == 303
    workspace = session.get_one(Workspace, 1)
    assert (workspace.name, workspace.period, workspace.level_max) == ("Acme", "day", 7)
    assert workspace.weights == dict.fromkeys(WEIGHTS, 10)
    assert workspace.limits == {"max_hires": None, "hire_budget": 5000, "budget": None}
    seen = client_of(RoleName.EXECUTIVE).get("/account/settings")
    assert "Acme" in seen.text
    assert "disabled" in seen.text
    assert client_of(RoleName.EXECUTIVE).get("/account/settings/edit").status_code == 403


WEIGHTS = ("fill", "fit", "style", "preference", "money", "change")


def test_mail_that_was_passed_on_does_not_keep_its_link(admin: CheckedClient, session: Session, boss: User) -> None:
    admin.send(f"/account/users/{boss.id}/password-link", page="/account/users")
    mail = session.scalars(select(OutgoingMail)).one()
    admin.send(f"/account/mail/{mail.id}/passed-on", page="/account/mail")
    session.rollback()
    session.refresh(mail)
    assert mail.sent_at is not None
    assert mail.body == ""


def test_user_who_never_chose_a_language_has_the_readers(
    admin: CheckedClient, client_of: Callable[..., CheckedClient], session: Session, user: Callable[..., User]
) -> None:
    someone = user(RoleName.MEMBER)
    someone.locale = ""
    session.commit()
    assert admin.send(f"/account/users/{someone.id}/password-link", page="/account/users").status_code == 303
    browser = client_of(as_user=someone)
    browser.set_cookie("language", "fr")
    assert re.search(r'<option selected value="fr">', browser.get("/account").text)


def test_removed_things_are_listed_and_brought_back(
    admin: CheckedClient, boss: User, session: Session, user: Callable[..., User]
) -> None:
    someone = user(RoleName.MEMBER, name="Mia Member")
    admin.send(f"/account/users/{someone.id}/remove")
    page = admin.get("/account/removals?state=gone").text
    assert "Mia Member" in page
    assert boss.name in page
    back = re.search(r'action="(/account/removals/\d+/restore)"', page)
    assert back
    admin.send(back[1], page="/account/removals")
    assert ">Mia Member</th>" not in admin.get("/account/removals?state=gone").text
    assert ">Mia Member</th>" in admin.get("/account/removals").text
    assert "Mia Member" in admin.get("/account/users").text
