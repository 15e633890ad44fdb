from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rows
from conftest import settings_for
from flask import Flask
from pages import CheckedClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner import create_app, migrating
from planner.models import Person, Project, RoleName, Skill, User, Workspace, WorkStyle

ADA = {"name": "Ada", "email": "ada@corp.local", "password": "correct horse battery"}


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Flask]:
    """An application that nobody has visited yet."""
    app = create_app(settings_for(tmp_path))
    migrating.upgrade(app.extensions["planner_engine"])
    app.test_client_class = CheckedClient
    yield app
    app.extensions["planner_engine"].dispose()


@pytest.fixture
def visitor(fresh: Flask) -> CheckedClient:
    visitor = fresh.test_client()
    assert isinstance(visitor, CheckedClient)
    return visitor


@pytest.fixture
def reader(fresh: Flask) -> Iterator[Session]:
    with fresh.extensions["planner_sessions"]() as reader:
        yield reader


def count(reader: Session, model: type) -> int:
    return reader.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("path", ["/", "/login", "/reset"])
def test_first_visit_leads_to_the_first_administrator(visitor: CheckedClient, path: str) -> None:
    assert visitor.get(path).location == "/welcome"


def test_nothing_is_there_before_the_first_visit(visitor: CheckedClient, reader: Session) -> None:
    assert count(reader, User) == 0
    assert visitor.get("/skills").status_code == 303
    assert visitor.send("/welcome/sample", page="/welcome").status_code == 303
    assert count(reader, Project) == 0


def test_first_administrator_is_in_at_once_and_chooses_how_to_start(visitor: CheckedClient, reader: Session) -> None:
    assert visitor.send("/welcome", ADA).location == "/welcome/company"
    ada = reader.scalars(select(User)).one()
    assert ada.role_names == {RoleName.ADMINISTRATOR}
    assert ada.password
    assert ada.password.startswith("$argon2")
    assert visitor.get("/").location == "/welcome/company"
    assert "Load the sample company" in visitor.get("/welcome/company").text


def test_password_is_asked_of_the_first_administrator_too(visitor: CheckedClient, reader: Session) -> None:
    refused = visitor.send("/welcome", {**ADA, "password": "short"})
    assert refused.status_code == 422
    assert "at least 10 characters" in refused.text
    assert count(reader, User) == 0


def test_second_visit_leads_to_the_login(visitor: CheckedClient, fresh: Flask, reader: Session) -> None:
    visitor.send("/welcome", ADA)
    late = fresh.test_client()
    assert late.get("/welcome").location == "/login"
    token = late.token("/login")  # type: ignore[attr-defined]
    late.post("/welcome", data={**ADA, "email": "eve@corp.local", "csrf_token": token})
    assert count(reader, User) == 1


def test_of_two_first_visits_one_wins(fresh: Flask, reader: Session) -> None:
    visitors = [fresh.test_client() for _n in range(6)]
    tokens = [visitor.token("/welcome") for visitor in visitors]  # type: ignore[attr-defined]
    together = threading.Barrier(len(visitors))

    def visit(n: int) -> None:
        together.wait()
        visitors[n].post("/welcome", data={**ADA, "email": f"visitor{n}@corp.local", "csrf_token": tokens[n]})

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(len(visitors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(reader, User) == 1


def test_start_empty_brings_the_catalogues_and_nothing_else(visitor: CheckedClient, reader: Session) -> None:
    visitor.send("/welcome", ADA)
    said = {"name": "Acme", "currency": "cad", "calendar_start_on": "2027-01-04", "num_periods": "30"}
    assert visitor.send("/welcome/company", said).location == "/"
    workspace = reader.get_one(Workspace, 1)
    assert (workspace.name, workspace.currency, workspace.num_periods) == ("Acme", "CAD", 30)
    assert count(reader, WorkStyle) == 21
    assert count(reader, Skill) >= 90
    assert count(reader, Person) == count(reader, Project) == 0
    assert visitor.get("/").status_code == 200
    assert visitor.get("/welcome/company").location == "/"


@pytest.mark.parametrize(
    "wrong", [{"currency": "euros"}, {"calendar_start_on": "tomorrow"}, {"num_periods": "0"}, {"name": " "}]
)
def test_empty_start_is_checked(visitor: CheckedClient, reader: Session, wrong: dict[str, str]) -> None:
    visitor.send("/welcome", ADA)
    said = {"name": "Acme", "currency": "EUR", "calendar_start_on": "2027-01-04", "num_periods": "30", **wrong}
    refused = visitor.send("/welcome/company", said)
    assert refused.status_code == 422
    assert f'id="{next(iter(wrong))}-error"' in refused.text
    assert count(reader, Skill) == 0


def test_sample_comes_and_goes_in_one_click_each(visitor: CheckedClient, reader: Session) -> None:
    visitor.send("/welcome", ADA)
    assert visitor.send("/welcome/sample", page="/welcome/company").location == "/"
    assert "sample company" in visitor.get("/").text
    assert count(reader, Project) == 12
    visitor.send("/account/settings/sample/remove", page="/account/settings")
    reader.rollback()
    assert count(reader, Project) == count(reader, Person) == 0
    assert reader.scalars(select(User.name)).all() == ["Ada"]
    assert "Remove the sample company" not in visitor.get("/account/settings").text


def test_sample_is_refused_where_there_is_something(visitor: CheckedClient, reader: Session) -> None:
    visitor.send("/welcome", ADA)
    visitor.send("/welcome/sample", page="/welcome/company")
    again = visitor.send("/welcome/sample", page="/account", follow_redirects=True)
    assert again.status_code == 200
    assert 'class="flash error"' in again.text
    assert count(reader, Project) == 12


@pytest.mark.parametrize("role", list(RoleName))
def test_start_page_has_something_for_every_role(
    visitor: CheckedClient, fresh: Flask, reader: Session, role: RoleName
) -> None:
    visitor.send("/welcome", ADA)
    visitor.send("/welcome/sample", page="/welcome/company")
    someone = reader.scalars(select(User).where(User.is_sample, User.granted.any(role=role))).first()
    browser = fresh.test_client()
    browser.log_in(someone or reader.scalars(select(User).where(User.email == ADA["email"])).one())  # type: ignore[attr-defined]
    page = browser.get("/")
    assert page.status_code == 200
    assert page.text.count("<b>") >= 1


def test_start_page_says_what_the_latest_plan_left_to_decide(
    ops: CheckedClient, session: Session, user: Callable[..., User], client_of: Callable[..., CheckedClient]
) -> None:
    manager = user(RoleName.PROJECT_MANAGER)
    world = rows.world(session, manager)
    other = rows.world(session)
    plan = max(world["plan"], other["plan"], key=lambda plan: plan.number)
    plan.num_seats = 5
    session.commit()
    page = ops.get("/").text
    assert f"In plan {plan.number}, <b>1 of 5 seats</b> are filled, <b>4</b> are open" in page
    assert "1 seat is proposed" in page
    own = client_of(as_user=manager).get("/").text
    assert world["project"].name in own
    assert other["project"].name not in own
    assert "Your projects" in own
