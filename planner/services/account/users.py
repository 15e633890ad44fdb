"""Users: add, edit, switch off, list. There is always an administrator left."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import Person, RoleName, User, UserRole, folded, now
from planner.schemas.account import AdministratorSaid, OwnSaid, UserSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused

PEOPLE_MOST = 2000  # of a select field; in a larger company a user is linked by the command line


def add_user(session: Session, said: UserSaid | AdministratorSaid, *, password_hash: str | None = None) -> User:
    """Adds a user; without a password they log in once they have set one. Raises Refused where the address is taken."""
    _require_free(session, said.email)
    _require_person(session, said)
    user = User(fs_uniquifier=uuid.uuid4().hex, password=password_hash, confirmed_at=now())
    fill(user, said, leave=("password",))
    roles = said.roles if isinstance(said, UserSaid) else [RoleName.ADMINISTRATOR]
    user.granted = [UserRole(role=role) for role in sorted(set(roles))]
    session.add(user)
    session.flush()
    return user


def edit_user(session: Session, user: User, said: UserSaid, version: int | None) -> User:
    """Edits a user; whoever is switched off is logged out at once. Raises Stale, and Refused."""
    require_version(user, version)
    _require_free(session, said.email, but=user.id)
    _require_person(session, said)
    if not (said.active and RoleName.ADMINISTRATOR in said.roles):
        require_other_administrator(session, user)
    fill(user, said)
    grant_roles(session, user, said.roles)
    return user


def grant_roles(session: Session, user: User, roles: list[RoleName]) -> None:
    """Makes a user's roles exactly these. Raises Refused where nobody would be left to administer."""
    if RoleName.ADMINISTRATOR not in roles:
        require_other_administrator(session, user)
    present = {grant.role: grant for grant in user.granted}
    user.granted = [present.get(role) or UserRole(role=role) for role in sorted(set(roles))]
    touch(session, user)


def edit_own(user: User, said: OwnSaid, version: int | None) -> User:
    """Edits one's own name, language and colours. Raises Stale."""
    require_version(user, version)
    return fill(user, said)


def forget_second_factor(session: Session, user: User) -> None:
    """Lets a user who has lost their telephone log in by password alone, and ends their other logins."""
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = user.mf_recovery_codes = None
    user.fs_uniquifier = uuid.uuid4().hex
    session.flush()


def require_other_administrator(session: Session, user: User) -> None:
    """Raises Refused where this user is the only administrator who can log in."""
    if RoleName.ADMINISTRATOR not in user.role_names or not user.active:
        return
    others = (
        select(User.id)
        .join(User.granted)
        .where(UserRole.role == RoleName.ADMINISTRATOR, User.active, User.id != user.id)
        .with_for_update(of=User)
    )
    if session.scalar(others.limit(1)) is None:
        raise Refused("last_administrator", field="roles", name=user.name)


def user_by_email(session: Session, email: str) -> User | None:
    """The user who logs in with an address."""
    return session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def page_of_users(session: Session, query: Query) -> Page[User]:
    """The users, as the URL asks for them."""
    return paged(
        session,
        select(User),
        query,
        sorts={"name": folded(User.name), "email": User.email, "seen": User.current_login_at},
        default="name",
        search=(User.name, User.email),
        filters={
            "role": lambda statement, value: statement.where(User.granted.any(UserRole.role == value)),
            "state": lambda statement, value: statement.where(User.active == (value == "active")),
        },
    )


def people_to_link(session: Session) -> list[tuple[int, str]]:
    """The people whom a user may belong to, by name."""
    rows = session.execute(select(Person.id, Person.name).order_by(folded(Person.name)).limit(PEOPLE_MOST))
    return [(ident, name) for ident, name in rows]


def _require_free(session: Session, email: str, *, but: int | None = None) -> None:
    found = user_by_email(session, email)
    if found is not None and found.id != but:
        raise Refused("email_is_taken", field="email", email=email)


def _require_person(session: Session, said: UserSaid | AdministratorSaid) -> None:
    if isinstance(said, UserSaid) and said.person_id is not None and session.get(Person, said.person_id) is None:
        raise Refused("person_is_gone", field="person_id")
