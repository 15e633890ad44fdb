"""`planner audit`: whether the audit trail is as it was written, its newest digest, and the whole of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli.database import UNWELL, make_engine

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SENTENCES = {
    "missing": "entry %(entry_id)s is missing.",
    "strange": "entry %(entry_id)s stands where none belongs.",
    "changed": "entry %(entry_id)s is not what was written: it was changed, put in, or stands in another's place.",
    "tail_is_cut": "the tail is cut: entry %(entry_id)s and all after it are missing.",
    "past_head": "entry %(entry_id)s stands behind the end of the trail.",
    "other_head": "the end of the trail is not that of entry %(entry_id)s.",
    "no_head": "the end of the trail, which was written down apart, is missing.",
    "not_expected": "its %(entry_id)s entries follow one another, but none of them has the digest that was expected.",
}


@click.group("audit")
def audit_group() -> None:
    """Say whether the audit trail is as it was written, and export it."""


@audit_group.command("verify")
@click.option("--expect", default="", metavar="DIGEST", help="A digest of `planner audit head`, written down before.")
def verify_command(expect: str) -> None:
    """Read the whole trail, and say the first place that is wrong.

    Any entry that was edited, removed, swapped or put in is found, and a tail that was cut. Whoever may write to the
    database could write the whole trail anew: for that, keep what `planner audit head` prints at some other place, and
    compare by --expect. Exit status: 0 the trail is whole; 1 it is not; 2 bad settings.
    """
    from planner.services.account.audit import chain

    with _session() as session:
        verdict = chain.verify(session, expected=expect.strip().lower())
    if verdict.fault is not None:
        sentence = SENTENCES[verdict.fault.code] % {"entry_id": verdict.fault.entry_id}
        click.echo(f"The audit trail is not whole: {sentence}", err=True)
        raise SystemExit(UNWELL)
    click.echo(f"The audit trail is whole: {verdict.num_entries} entries, the last with the digest {verdict.digest}.")


@audit_group.command("head")
def head_command() -> None:
    """Print the number and the digest of the newest entry, to be kept where the database's owner cannot write."""
    from planner.services.account.audit import chain

    with _session() as session:
        number, digest = chain.head(session)
    click.echo(f"{number} {digest}")


@audit_group.command("export")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "kind", type=click.Choice(("csv", "json")), default="json", show_default=True)
def export_command(path: Path, kind: str) -> None:
    """Write the whole trail to PATH, with what is needed to check it elsewhere."""
    from planner.exchange import audit_files
    from planner.services.account.audit import history

    with _session() as session, path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(audit_files.WRITERS[kind](history.exported(session)))
    click.echo(f"The audit trail is in {path}.")


@contextmanager
def _session() -> Iterator[Session]:
    from sqlalchemy.orm import Session

    engine = make_engine()
    with Session(engine) as session:
        yield session
    engine.dispose()
