"""The columns of a table that can come by sheet: what each means, how it is headed in both languages, how it is read.

A *value* is what a cell says once it is read: what JSON can hold, under the schema's own names (money in minor units,
days as ISO text, rows that are named by their ids), so that values can be kept, compared and judged by the schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LANGUAGES = ("en", "fr")
NEW = {"new", "nouveau", "nouvelle", "+"}  # in the id's cell: a row of its own, whoever has the same name


class Reading(StrEnum):
    """How a cell is read."""

    ID = "id"
    TEXT = "text"
    WHOLE = "whole"
    SCORE = "score"
    PERCENT = "percent"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LIST = "list"
    LANGUAGES = "languages"
    LEVELS = "levels"
    CAPACITY = "capacity"
    REFERENCE = "reference"
    REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field, its headings, how its cells are read, and what a template shows in it.

    `words` are the values of a choice with what each is called, in English, in French and otherwise. `refers` names
    the index of the world in which a named row is looked for. `ident` is the row of a column that stands for one
    (a skill, a work style); `names` is the field of the schema that it belongs to where that is called otherwise.
    """

    name: str
    en: str
    fr: str
    reading: Reading = Reading.TEXT
    aliases: tuple[str, ...] = ()
    sample: tuple[Any, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refers: str = ""
    ident: int = 0
    names: str = ""
    is_needed: bool = False

    @property
    def field(self) -> str:
        """The schema's field."""
        return self.names or self.name

    def heading(self, language: str) -> str:
        """How the column is headed in a language."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, by code; without a column, with the row."""

    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Unreadable(Exception):
    """A cell that says nothing which its column could mean."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params
