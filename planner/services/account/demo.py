"""The demo: the sample company, and a link that logs in as its PM."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import RoleName, User, UserRole
from planner.schemas.account import UserSaid
from planner.services.account.links import add_login_link
from planner.services.account.users import add_user
from planner.services.account.workspace import has_users, is_set_up
from planner.services.refused import Refused
from planner.services.sample import load_sample

ADMINISTRATOR = UserSaid(name="Administrator", email="administrator@localhost", roles=[RoleName.ADMINISTRATOR])


def start_demo(session: Session) -> str:
    """Loads the sample where nobody has begun, and gives a link's secret. Raises Refused where somebody has."""
    if not has_users(session) and not is_set_up(session):
        administrator = add_user(session, ADMINISTRATOR)  # without a password: `planner user password-link` lets in
        load_sample(session, administrator_id=administrator.id)
    manager = session.scalar(
        select(User)
        .join(User.granted)
        .where(User.is_sample, User.active, UserRole.role == RoleName.PROJECT_MANAGER)
        .order_by(User.id)
        .limit(1)
    )
    if manager is None:
        raise Refused("demo_wants_sample")
    return add_login_link(session, manager)
