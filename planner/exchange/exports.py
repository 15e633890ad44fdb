"""A plan in a format, an edition and a language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from planner.exchange.editions import Edition, edited
from planner.exchange.sentences import title
from planner.exchange.tables import Ground
from planner.exchange.words import N_, Words
from planner.translate.report import PlanReport

MOST_LETTERS = 60


class Format(StrEnum):
    """What a plan can be exported as."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    ICS = "ics"
    JSON = "json"


FORMATS = tuple(str(one) for one in Format)
EDITIONS = tuple(str(one) for one in Edition)


class ExportError(ValueError):
    """What cannot be exported; `sentence` and `params` are the reason before they were put together."""

    def __init__(self, sentence: str, **params: object) -> None:
        super().__init__(sentence % params)
        self.sentence, self.params = sentence, params


@dataclass(frozen=True, slots=True)
class Export:
    """A file, whole in memory."""

    filename: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What a format's writer gives back: its bytes, their type, and what belongs into the file's name."""

    data: bytes
    media_type: str
    ending: str
    about: str = ""


# A format's writer is imported when it is first asked for: typst alone brings 40 MB.
_WRITERS = {
    Format.XLSX: "workbook",
    Format.CSV: "csv_zip",
    Format.PDF: "pdf",
    Format.ICS: "calendar_files",
    Format.JSON: "contract",
}


def export(
    report: PlanReport,
    format: Format | str,  # noqa: A002 - the word that everybody uses for it
    edition: Edition | str = Edition.ORGANISERS,
    language: str = "en",
    *,
    person: str | None = None,
    project: str | None = None,
) -> Export:
    """A plan as a file; `person` and `project`, of which at most one is given, narrow a calendar to theirs.

    Raises
    ------
    ExportError
        Where the report has no such person or project.
    """
    say = Words(language, report.meta.currency)
    edition = Edition(edition)
    ground = Ground(edited(report, edition, say), say, edition)
    if Format(format) is Format.ICS:
        calendars = import_module("planner.exchange.calendar_files")
        written: Written = calendars.write(ground, person, project)
    else:
        if person is not None or project is not None:
            raise ExportError(N_("Only a calendar can be narrowed to a person or a project."))
        write: Callable[[Ground], Written] = import_module(f"planner.exchange.{_WRITERS[Format(format)]}").write
        written = write(ground)
    return Export(_filename(ground, written), written.media_type, written.data)


def _filename(ground: Ground, written: Written) -> str:
    """“plan-12-v3-members.xlsx”: the same for the same plan, in letters that every system can write."""
    meta = ground.report.meta
    name = f"plan-{meta.number}-v{meta.version}" if meta.number is not None else slug(title(ground.report, ground.say))
    edition = "" if ground.is_open else f"-{ground.edition}"
    about = f"-{slug(written.about)}" if written.about else ""
    return f"{name}{about}{edition}.{written.ending}"


def slug(text: str) -> str:
    """A text in small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:MOST_LETTERS].strip("-") or "plan"
