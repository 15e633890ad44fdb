"""The sample company as a browser meets it: served by this process, with a plan of it that is ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import background
from browsing import served
from conftest import settings_for
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from planner import create_app
from planner.jobs.solving import writing
from planner.models import Job, JobState, Plan, PlanState, RoleName, User, UserRole, Workspace
from planner.schemas.planning_plans import PlanSaid
from planner.services.account.demo import start_demo
from planner.services.planning import plans

TIME_LIMIT_S = 4


@dataclass(frozen=True)
class Agency:
    """An application with the sample company in it, and where it answers."""

    app: Flask
    base: str

    @property
    def engine(self) -> Engine:
        return self.app.extensions["planner_engine"]  # type: ignore[no-any-return]

    def user(self, role: RoleName) -> User:
        """The first who has a role."""
        with Session(self.engine) as session:
            wanted = select(User).join(User.granted).where(UserRole.role == role).order_by(User.id).limit(1)
            return session.scalars(wanted).one()

    def ask(self) -> int:
        """Asks for a plan of everything; its id."""
        with writing(self.engine) as session:
            workspace, user = session.get_one(Workspace, 1), session.scalars(select(User).order_by(User.id)).first()
            assert user is not None
            horizon = {"starts_on": workspace.moment_of(0), "num_periods": workspace.num_periods}
            said = PlanSaid.model_validate({"title": "Spring", **horizon, "time_limit_s": TIME_LIMIT_S})
            return plans.request_plan(session, said, by=user, token=uuid4().hex).id

    def speak(self, language: str) -> None:
        """Makes it the language of every user."""
        with writing(self.engine) as session:
            session.execute(update(User).values(locale=language))

    def work(self) -> None:
        """What the worker would do: makes every plan that waits."""
        with Session(self.engine) as session:
            waiting = session.scalars(select(Job.id).where(Job.state == JobState.QUEUED)).all()
        for job_id in waiting:
            background.solving(self.engine).run(job_id)


@contextmanager
def sample_agency(folder: Path) -> Iterator[Agency]:
    """The sample company with a ready plan, for as long as it is wanted."""
    app = create_app(settings_for(folder))
    try:
        with writing(app.extensions["planner_engine"]) as session:
            start_demo(session)
        with served(app) as base:
            agency = Agency(app, base)
            agency.ask()
            agency.work()
            with Session(agency.engine) as session:
                assert session.scalars(select(Plan.state)).all() == [PlanState.READY]
            yield agency
    finally:
        app.extensions["planner_engine"].dispose()
