"""`planner db`: bring the database to the newest schema, and say whether it is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

UNWELL = 1
BAD_SETTINGS = 2


@click.group("db")
def db_group() -> None:
    """Migrate the database, or check it."""


@db_group.command("upgrade")
def upgrade_command() -> None:
    """Run every migration that the database has not seen; `planner run` does so by itself."""
    from planner import migrating

    migrating.upgrade(make_engine())
    click.echo(f"The database is at {migrating.newest()}.")


@db_group.command("check")
def check_command() -> None:
    """Say whether the database is whole and at the newest schema; exits 1 where it is not."""
    from planner import migrating

    engine = make_engine()
    faults = [] if migrating.is_current(engine) else ["it is not at the newest schema; run: planner db upgrade"]
    faults += _damage(engine)
    for fault in faults:
        click.echo(f"The database is not well: {fault}", err=True)
    if faults:
        raise SystemExit(UNWELL)
    click.echo("The database is whole and at the newest schema.")


def _damage(engine: Engine) -> list[str]:
    """What SQLite finds damaged, or pointing nowhere; PostgreSQL looks after itself."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        whole = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return whole + [f"row {row[1]} of {row[0]} points at a row of {row[2]} that is not there" for row in dangling]


def make_engine() -> Engine:
    """The engine on the database that the settings name; ends the program where they are bad."""
    from planner import db
    from planner.config import BadSettings, from_environment

    try:
        return db.make_engine(from_environment())
    except BadSettings as error:
        click.echo(str(error), err=True)
        raise SystemExit(BAD_SETTINGS) from error
