"""The commands on the workspace's own work: `planner worker` and `planner load`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli.files import FILE, echo, refuse
from planner.config import BadSettings, from_environment
from solver.problem import Problem, ProblemError, read

if TYPE_CHECKING:
    from flask import Flask

    from planner.config import Settings

NOT_DONE, BAD_SETTINGS = 1, 2
SENTENCES = {
    "calendar_is_too_long": "its calendar of %(num_periods)s periods runs past the year 9999.",
    "plan_is_running": "a plan is being made; stop it first.",
    "zero_byte": "%(place)s: a text holds a zero byte, which cannot be kept.",
    "workspace_is_not_empty": "the workspace is not empty; --replace removes what is there.",
}


@click.command("worker")
@click.option("--jobs", "num_jobs", default=1, type=click.IntRange(1, 64), show_default=True, help="Solved at once.")
def worker_command(num_jobs: int) -> None:
    """Work on background jobs until SIGTERM or Ctrl-C; any number of workers may run, on any number of machines.

    Each job is solved by a process of its own, with PLANNER_SOLVER_WORKERS threads. A job that runs when the worker
    is asked to stop goes back to the queue.
    """
    settings = _settings()

    from planner import logs
    from planner.jobs.working import Worker

    logs.set_up(settings)
    Worker(settings, num_jobs=num_jobs, write=mail_writer(settings)).run()


def mail_writer(settings: Settings) -> Callable[[], None]:
    """Makes the e-mails that are due, in their readers' words; the application is there from the first one on."""

    @cache
    def application() -> Flask:
        from planner import create_app

        return create_app(settings)

    def write() -> None:
        from planner import talk_mails
        from planner.db import session
        from planner.models import now

        app = application()
        with app.test_request_context(base_url=settings.base_url, method="POST"):
            talk_mails.write_late(session())
            session().commit()
            talk_mails.write_digests(session(), now())
            session().commit()

    return write


@click.command("load")
@click.argument("problem_path", metavar="PROBLEM.json", type=FILE)
@click.option("--replace", is_flag=True, help="Remove the people, projects, requisitions and plans that are there.")
def load_command(problem_path: Path, *, replace: bool) -> None:
    """Bring the staffing problem in PROBLEM.json into the workspace: all of it, or nothing.

    Exit status: 0 it is there; 1 the workspace is not empty, the calendar runs past the year 9999, or a text holds a
    zero byte; 2 the file is not a valid problem.
    """
    settings = _settings()
    problem = _problem(problem_path)

    from planner import db, migrating
    from planner.jobs.solving import writing
    from planner.models import Door
    from planner.services.planning.files import load_problem
    from planner.services.refused import Refused

    engine = db.make_engine(settings)
    migrating.upgrade(engine)
    try:
        with writing(engine, Door.CLI) as session:
            counts = load_problem(session, problem, is_replacing=replace)
    except Refused as refused:
        echo(f"{problem_path}: {SENTENCES[refused.code] % refused.params}", err=True)
        raise SystemExit(NOT_DONE) from None
    finally:
        engine.dispose()
    echo(f"Loaded {counts.people} people and {counts.projects} projects with {counts.seats} seats.")


def _problem(path: Path) -> Problem:
    """The problem in a file of the operator's own, which is read right here, whatever it takes."""
    try:
        return read(path)
    except ProblemError as error:
        refuse(path, error)


def _settings() -> Settings:
    try:
        return from_environment()
    except BadSettings as error:
        echo(str(error), err=True)
        raise SystemExit(BAD_SETTINGS) from error
