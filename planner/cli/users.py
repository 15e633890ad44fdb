"""`planner user`: what an operator does when no administrator can log in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from planner.models import User

ROLES = ("administrator", "project_manager", "operations", "executive", "member", "compliance")
_ROLE = click.Choice(ROLES)


@click.group("user")
def user_group() -> None:
    """Add users, set their roles, make links by which they set a password."""


@user_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="How the user is called.")
@click.option("--role", "roles", type=_ROLE, multiple=True, required=True, help="May be said several times.")
@click.option("--language", type=click.Choice(("en", "fr")), default="en", show_default=True)
def add_command(email: str, name: str, roles: tuple[str, ...], language: str) -> None:
    """Add a user, and print a link by which they set a password."""
    from pydantic import ValidationError

    from planner.schemas.account import UserSaid
    from planner.services.account.users import add_user
    from planner.services.refused import Refused

    with _workspace() as (app, session):
        try:
            said = UserSaid.model_validate({"name": name, "email": email, "roles": list(roles), "locale": language})
            user = add_user(session, said)
        except ValidationError as error:
            _refuse("; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()))
        except Refused:
            _refuse(f"There is a user with the address {email} already.")
        session.commit()
        click.echo(_password_link(app, user.id))


@user_group.command("role")
@click.argument("email")
@click.argument("roles", type=_ROLE, nargs=-1, required=True)
def role_command(email: str, roles: tuple[str, ...]) -> None:
    """Make a user's roles exactly these."""
    from planner.models import RoleName
    from planner.services.account.users import grant_roles
    from planner.services.refused import Refused

    with _workspace() as (_app, session):
        user = _user(session, email)
        try:
            grant_roles(session, user, [RoleName(role) for role in roles])
        except Refused:
            _refuse(f"{user.name} is the only administrator; make somebody else one first.")
        session.commit()
        click.echo(f"{user.email}: {', '.join(sorted(user.role_names))}")


@user_group.command("password-link")
@click.argument("email")
def password_link_command(email: str) -> None:
    """Print a link by which a user sets a password, once, within a day."""
    with _workspace() as (app, session):
        click.echo(_password_link(app, _user(session, email).id))


@contextmanager
def _workspace() -> Iterator[tuple[Flask, Session]]:
    """The application and a session on the migrated database that the settings name."""
    from planner import create_app, logs, migrating
    from planner.config import BadSettings, from_environment
    from planner.db import fresh_session

    try:
        settings = from_environment()
    except BadSettings as error:
        _refuse(str(error))
    logs.set_up(settings)
    app = create_app(settings)
    migrating.upgrade(app.extensions["planner_engine"])
    with fresh_session(app) as session:
        yield app, session


def _user(session: Session, email: str) -> User:
    from planner.services.account.users import user_by_email

    user = user_by_email(session, email)
    if user is None:
        _refuse(f"There is no user with the address {email}.")
    return user


def _password_link(app: Flask, user_id: int) -> str:
    from planner import db, login
    from planner.models import User

    with app.test_request_context(base_url=app.extensions["planner_settings"].base_url):
        return login.password_link(db.session().get_one(User, user_id))


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(2)
