"""The files of the commands: problems and plans in, whole files out, and a sentence with status 2 where that fails."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from solver import solution
from solver.problem import LIMIT_BYTES, DocumentError, Problem, ProblemError, read, read_json
from solver.solution import Result, UntruePlanError

PLAN_WRONG, NOT_VALID = 1, 2
STANDARD_OUTPUT = "-"
FILE = click.Path(path_type=Path)


def read_problem(path: Path) -> Problem:
    """The problem in a file."""
    try:
        return read(path)
    except ProblemError as error:
        refuse(path, error)


def read_document(path: Path) -> Any:
    """What a file says as JSON."""
    try:
        return read_json(path, LIMIT_BYTES)
    except ProblemError as error:
        refuse(path, error)


def plan_of(problem: Problem, path: Path, document: object) -> Result:
    """The plan that a file's document says; one that contradicts itself ends the command with status 1."""
    try:
        return solution.from_document(problem, document)
    except UntruePlanError as error:
        echo(f"The plan is wrong: {error}")
        sys.exit(PLAN_WRONG)
    except DocumentError as error:
        refuse(path, error)


def refuse(path: Path, error: DocumentError) -> NoReturn:
    """Ends the command: a file is not what it claims to be."""
    place = "" if error.path == str(path) else f"{path}: "
    echo(f"{place}{error}", err=True)
    sys.exit(NOT_VALID)


def refuse_unwritable(out: Path) -> None:
    """Before the work rather than after it."""
    if str(out) != STANDARD_OUTPUT and out.is_dir():
        _refuse_output(out, "it is a directory")
    if str(out) != STANDARD_OUTPUT and not out.exists() and not os.access(out.resolve().parent, os.W_OK):
        _refuse_output(out, "its directory is missing, or may not be written to")


def write_whole(out: Path, data: bytes) -> None:
    """Whole or not at all: a reader never sees half a plan."""
    try:
        if str(out) == STANDARD_OUTPUT:
            sys.stdout.buffer.write(data)
        elif out.exists() and not out.is_file():  # a pipe or a device is written to, never replaced
            out.write_bytes(data)
        else:
            _replace(out.resolve(), data)
    except OSError as error:
        _refuse_output(out, error.strerror or str(error))


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f".planner-{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _refuse_output(out: Path, reason: str) -> NoReturn:
    echo(f"{out}: the plan cannot be written: {reason}", err=True)
    sys.exit(NOT_VALID)


def echo(text: str, err: bool = False) -> None:
    """Prints what a document says, without what a terminal would obey or could not show."""
    encoding = sys.stdout.encoding or "utf-8"
    shown = "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)
    click.echo(shown.encode(encoding, "backslashreplace").decode(encoding), err=err)
