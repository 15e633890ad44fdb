"""From cells to values and back: how each kind of column is read, shown in words, and written into a sheet again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from planner.models import MINOR, fold
from planner.services.sheets import parsing
from planner.services.sheets.columns import Column, Reading, Unreadable
from planner.services.sheets.parsing import Cell, Habits
from planner.services.sheets.world import World

Read = Callable[[Cell], Any]
YES_NO = {"en": ("yes", "no"), "fr": ("oui", "non")}
OPEN = ".."  # between the ends of a span


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def reader(column: Column, world: World, habits: Habits) -> Read:
    """How the cells of a column become values; what is returned raises Unreadable."""
    if column.reading is Reading.REFERENCE:
        index = world.index(column.refers)
        return lambda cell: index.one(parsing.text_of(cell))
    if column.reading is Reading.REFERENCES:
        index = world.index(column.refers)
        return lambda cell: [index.one(text) for text in parsing.several(cell)]
    if column.reading is Reading.LEVELS:
        return lambda cell: _levels(cell, world, habits)
    if column.reading is Reading.CHOICE:
        words = {fold(word): value for value, some in column.words.items() for word in (value, *some)}
        return lambda cell: _chosen(cell, words)
    return {
        Reading.ID: parsing.text_of,
        Reading.TEXT: parsing.text_of,
        Reading.WHOLE: lambda cell: parsing.whole(cell, habits),
        Reading.SCORE: lambda cell: float(parsing.decimal(cell, habits)),
        Reading.PERCENT: lambda cell: parsing.percent(cell, habits),
        Reading.MONEY: lambda cell: parsing.money(cell, habits),
        Reading.DAY: lambda cell: parsing.day(cell, habits).isoformat(),
        Reading.MOMENT: lambda cell: _moment_text(parsing.moment(cell, habits)),
        Reading.YES_NO: parsing.yes_no,
        Reading.LIST: parsing.several,
        Reading.LANGUAGES: lambda cell: list(dict.fromkeys(map(_language_code, parsing.several(cell)))),
        Reading.CAPACITY: lambda cell: _spans(cell, habits),
    }[column.reading]


def blank(column: Column) -> Any:
    """What an empty cell says where it clears what is there."""
    if column.reading in (Reading.LIST, Reading.LANGUAGES, Reading.CAPACITY, Reading.REFERENCES):
        return []
    return {Reading.LEVELS: {}, Reading.TEXT: "", Reading.ID: ""}.get(column.reading)


def cell_of(column: Column, value: Any, world: World) -> Cell:
    """A value as a cell of a sheet, of a kind that a spreadsheet knows; `reader` reads the same value again."""
    if value is None or value in ("", [], {}):
        return None
    match column.reading:
        case Reading.MONEY:
            return value // MINOR if value % MINOR == 0 else Decimal(value) / MINOR
        case Reading.DAY:
            return date.fromisoformat(value)
        case Reading.MOMENT:
            found = datetime.fromisoformat(value)
            return found.date() if found.time() == time.min else found
        case Reading.YES_NO:
            return YES_NO[world.language][0 if value else 1]
        case Reading.CAPACITY if len(value) == 1 and not value[0]["from_on"] and not value[0]["to_on"]:
            return int(value[0]["fte_pct"])
        case _:
            return value if isinstance(value, int | float) and not column.refers else _text(column, value, world)


def shown(column: Column, value: Any, world: World) -> str:
    """A value in the reader's words."""
    if value is None or value in ("", [], {}):
        return ""
    match column.reading:
        case Reading.MONEY:
            return str(format_decimal(Decimal(value) / MINOR, locale=world.language))
        case Reading.DAY:
            return str(format_date(date.fromisoformat(value), "medium", locale=world.language))
        case Reading.MOMENT:
            found = datetime.fromisoformat(value)
            if found.time() == time.min:
                return str(format_date(found.date(), "medium", locale=world.language))
            return str(format_datetime(found, "medium", locale=world.language))
        case Reading.PERCENT:
            return f"{value}\u00a0%"
        case Reading.YES_NO:
            return YES_NO[world.language][0 if value else 1]
        case _:
            return _text(column, value, world)


def _text(column: Column, value: Any, world: World) -> str:
    match column.reading:
        case Reading.CHOICE:
            words = column.words.get(value, (value,) * 2)
            return words[1 if world.language == "fr" else 0]
        case Reading.LIST:
            return parsing.joined(value)
        case Reading.LANGUAGES:
            return parsing.joined(_language_name(code, world.language) for code in value)
        case Reading.LEVELS:
            skills = world.index("skill")
            return parsing.joined(f"{skills.name(int(ident))}={level}" for ident, level in value.items())
        case Reading.REFERENCE:
            return world.index(column.refers).name(value)
        case Reading.REFERENCES:
            return parsing.joined(world.index(column.refers).name(one) for one in value)
        case Reading.CAPACITY:
            return "; ".join(_span_text(**span) for span in value)
    return str(value)


def _chosen(cell: Cell, words: dict[str, str]) -> str:
    found = words.get(fold(parsing.text_of(cell)))
    if found is None:
        raise Unreadable(
            "choice_not_read", text=parsing.text_of(cell), choices=", ".join(dict.fromkeys(words.values()))
        )
    return found


def _levels(cell: Cell, world: World, habits: Habits) -> dict[str, int]:
    """Levels by the skill's id as text, as JSON keeps them. Raises Unreadable, also where a skill stands twice."""
    found: dict[str, int] = {}
    for name, level in parsing.levels(cell, habits):
        ident = str(world.index("skill").one(name))
        if ident in found:
            raise Unreadable("skill_twice_in_cell", text=name)
        found[ident] = level
    return dict(sorted(found.items(), key=lambda one: int(one[0])))


def _moment_text(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time.min else value.isoformat()


def _spans(cell: Cell, habits: Habits) -> list[dict[str, Any]]:
    """What somebody can give: 80 %, or several with their ends: 80 % ..2027-06-01; 100 % 2027-06-01.."""
    if not isinstance(cell, str):
        return [_span(parsing.percent(cell, habits), "", "", habits)]
    found = []
    for part in (one.strip() for one in cell.replace("\n", ";").split(";")):
        share, _sep, ends = part.replace(" %", "%").partition(" ")
        begin, sep, end = ends.partition(OPEN)
        if ends and not sep:
            raise Unreadable("capacity_not_read", text=part)
        found.append(_span(parsing.percent(share, habits), begin.strip(), end.strip(), habits))
    return found


def _span(fte_pct: int, begin: str, end: str, habits: Habits) -> dict[str, Any]:
    ends = [_moment_text(parsing.moment(text, habits)) if text else None for text in (begin, end)]
    return {"fte_pct": fte_pct, "from_on": ends[0], "to_on": ends[1]}


def _span_text(fte_pct: int, from_on: str | None, to_on: str | None) -> str:
    share = f"{fte_pct}%"
    return f"{share} {from_on or ''}{OPEN}{to_on or ''}" if from_on or to_on else share


def _language_name(code: str, language: str) -> str:
    return str(Locale.parse(language).languages.get(code.replace("-", "_"), code))


@cache
def _language_code(text: str) -> str:
    """A language by its code, or by its name in a language of ours; what is not known stays as typed."""
    wanted = text.casefold()
    for ours in ("en", "fr"):
        languages = Locale.parse(ours).languages
        if wanted.replace("-", "_") in languages:
            return wanted
        for code, name in languages.items():
            if name.casefold() == wanted:
                return code.replace("_", "-")
    return text
