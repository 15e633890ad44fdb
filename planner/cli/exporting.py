"""The command `planner export`: a plan on paper, in a spreadsheet, in a calendar; without the web or a database."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeGuard

import click

from planner.cli.files import (
    FILE,
    NOT_VALID,
    PLAN_WRONG,
    echo,
    plan_of,
    read_document,
    read_problem,
    refuse_unwritable,
    write_whole,
)
from planner.cli.importing import KIND_NAMES, list_command
from planner.exchange import EDITIONS, FORMATS, ExportError, export
from planner.translate.report import PlanMeta, report
from solver import check
from solver.problem import LARGEST, Problem
from solver.solution import Result

LANGUAGES = ("en", "fr")


class ExportCommand(click.Command):
    """Exports a plan; where the name of a list stands in its place (`planner export people`), that list."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args and args[0] in KIND_NAMES:
            return list_command.make_context(info_name, args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("export", cls=ExportCommand)
@click.argument("plan_path", metavar="PLAN.json", type=FILE)
@click.option("--problem", "problem_path", required=True, type=FILE, help="The problem that the plan answers.")
@click.option("--format", "format_", required=True, type=click.Choice(FORMATS), help="What to write.")
@click.option("--out", required=True, type=FILE, help="Where it goes; - is the standard output.")
@click.option("--edition", default=EDITIONS[0], type=click.Choice(EDITIONS), show_default=True, help="Who it is for.")
@click.option(
    "--language", default="en", type=click.Choice(LANGUAGES), show_default=True, help="Language of the words."
)
@click.option("--currency", default="EUR", show_default=True, help="Currency of the money, as three letters.")
@click.option("--person", help="With ics: the calendar of this person alone, by id.")
@click.option("--project", help="With ics: the calendar of this project alone, by id.")
def export_command(
    plan_path: Path,
    problem_path: Path,
    format_: str,
    out: Path,
    edition: str,
    language: str,
    currency: str,
    person: str | None,
    project: str | None,
) -> None:
    """Write the plan in PLAN.json as a spreadsheet, CSV tables (zipped), PDF, calendars or JSON.

    `planner export KIND --to FILE` writes a list instead: see `planner export people --help`.

    The organisers' edition holds scores, costs and reasons, the members' edition none of them. Exit status: 0 it
    is written; 1 the plan breaks a rule of its problem, or its figures are not true; 2 a file is not what it
    claims to be, or cannot be read or written.
    """
    problem, document = read_problem(problem_path), read_document(plan_path)
    result = plan_of(problem, plan_path, document)
    _refuse_wrong(problem, result)
    refuse_unwritable(out)
    whole = report(problem, result, _meta(document, language, currency))
    try:
        written = export(whole, format_, edition, language, person=person, project=project)
    except ExportError as error:
        echo(str(error), err=True)
        sys.exit(NOT_VALID)
    write_whole(out, written.data)


def _refuse_wrong(problem: Problem, result: Result) -> None:
    """A plan that the rulebook refuses goes nowhere."""
    if result.solution is None:
        return
    broken = check.violations(problem, result.solution) + check.untrue_figures(problem, result)
    if not broken:
        return
    echo("The plan is wrong, and is not exported.", err=True)
    for violation in broken:
        echo(f"  {violation.rule}: {violation.text}", err=True)
    sys.exit(PLAN_WRONG)


def _meta(document: dict[str, Any], language: str, currency: str) -> PlanMeta:
    """What a plan says of itself; a file from the planner carries its number and version, one from a solver none."""
    said = document.get("plan")
    record = said if isinstance(said, dict) else {}
    number, version, title = record.get("number"), record.get("version"), record.get("title")
    return PlanMeta(
        generated_at=datetime.now(UTC),
        generated_by=_user(),
        number=number if _counts(number) else None,
        version=version if _counts(version) else 1,
        title=title if isinstance(title, str) else "",
        language=language,
        currency=currency,
    )


def _counts(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 < value <= LARGEST


def _user() -> str:
    """Whoever runs the command; in a bare container that may be nobody."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
