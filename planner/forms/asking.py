"""The parent of every form: its schema judges what was said, and each error stands at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from pydantic import BaseModel, ValidationError
from wtforms import Field, FieldList, Form, FormField, HiddenField
from wtforms.fields import DateField, DateTimeLocalField, DecimalField, FloatField, IntegerField
from wtforms.utils import unset_value

from planner.wording import Refusal, refusal_sentence, schema_sentence

MOST_ROWS = 60
VERSION_LONGEST = 18  # digits
NOTHING: tuple[Any, ...] = (None, {}, "")


class RowForm(Form):
    """One row of a list in a form, under its parent's CSRF token."""


class Rows(FieldList):  # type: ignore[type-arg]
    """Rows of a form, added and removed by plain buttons named `add_row` and `remove_row`."""

    def __init__(self, row: type[RowForm], label: str = "", *, empty: int = 0, **kwargs: Any) -> None:
        super().__init__(FormField(row), label, min_entries=empty, max_entries=MOST_ROWS, **kwargs)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Takes in every row that is there already, however many a file has brought in, and room for more."""
        self.max_entries = MOST_ROWS + (len(data) if isinstance(data, Sized) else 0)
        super().process(formdata, data, extra_filters)

    def remove(self, position: int) -> None:
        """Takes one row out, wherever it stands."""
        kept = [entry.data for n, entry in enumerate(self.entries) if n != position]
        while self.entries:
            self.pop_entry()
        for data in kept:
            self.append_entry(data)


class AskingForm(FlaskForm):
    """A form over a schema. `version` is the one that the editor read."""

    schema: ClassVar[type[BaseModel]]
    version = HiddenField()

    said: Any  # what was said, an instance of `schema`, once `validate` has held

    @property
    def read_version(self) -> int | None:
        """The version that was sent along; None where it is missing (whatever the row says now) or no number."""
        text = str((self.version.raw_data or [""])[0])
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= VERSION_LONGEST else None

    def changed_rows(self, args: Mapping[str, str]) -> bool:
        """Whether a button asked for a row more or less; then the form is shown again and nothing is saved."""
        name = args.get("add_row", "")
        if name in self and isinstance(self[name], Rows):
            if len(self[name].entries) < self[name].max_entries:
                self[name].append_entry()
            return True
        name, _sep, position = args.get("remove_row", "").rpartition("-")
        if name in self and isinstance(self[name], Rows) and position.isdecimal():
            self[name].remove(int(position))
            return True
        return False

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Hands what was typed to the schema, and puts each error at its field."""
        for leaf in (leaf for field in self for leaf in _leaves(field)):
            if _is_blank(leaf):
                leaf.process_errors = []  # nothing was typed: whether something must be is the schema's to say
        if not super().validate(extra_validators):
            self._use_own_words()
            return False
        try:
            self.said = self.schema.model_validate(self.payload())
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                sentence = schema_sentence(problem["type"], problem.get("ctx", {}))
                self._field_at(problem["loc"]).append(sentence)
            return False
        return True

    def payload(self) -> dict[str, Any]:
        """What was said, under the schema's names; an empty answer is left out, so that the default holds."""
        named = {f.short_name: f for f in self if f.short_name in self.schema.model_fields}
        return {name: value for name, field in named.items() if (value := _answer(field)) is not None}

    def refuse(self, refused: Refusal) -> None:
        """Shows a refusal at its field ("name", or in a row "skills.2.level"), or on top of the form."""
        parts = (refused.field or "").split(".")
        place = tuple(int(part) if part.isdecimal() else part for part in parts if part)
        self._field_at(place).append(refusal_sentence(refused))

    def differing(self, theirs: AskingForm) -> list[tuple[Field, Field]]:
        """The fields in which another form of the same kind says something else, each with the other's."""
        names = [field.short_name for field in self if field.short_name in self.schema.model_fields]
        return [(self[name], theirs[name]) for name in names if _said(self[name]) != _said(theirs[name])]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Every error as (id of the field that it is about, sentence), for the list on top; "" for the whole form."""
        for sentence in self.form_errors:
            yield "", str(sentence)
        for field in self:
            yield from _problems_of(field)

    def _use_own_words(self) -> None:
        """Says of a field that could not be read what the API says of the same."""
        for leaf in (leaf for field in self for leaf in _leaves(field)):
            if leaf.process_errors and type(leaf) in WORDS:
                leaf.errors = [WORDS[type(leaf)]]

    def _field_at(self, place: tuple[int | str, ...]) -> list[Any]:
        """The error list of the deepest field that a place leads to; the form's own where it leads to none."""
        here: Any = self
        for part in place:
            inner = _step(here, part)
            if inner is None:
                break
            here = inner
        if here is self:
            return self.form_errors
        if isinstance(here, FieldList | FormField):
            here = next(iter(_leaves(here)), here)
        here.errors = list(here.errors)
        return here.errors


def _step(here: Any, part: int | str) -> Any:
    if isinstance(here, FieldList):
        said = [entry for entry in here.entries if _entry(entry) not in NOTHING]  # empty rows were not said
        return said[part] if isinstance(part, int) and part < len(said) else None
    if isinstance(here, FormField):
        here = here.form
    if isinstance(here, Form) and isinstance(part, str) and part in here:
        return here[part]
    return None


def _is_blank(field: Field) -> bool:
    """Whether a field was sent with nothing in it."""
    return bool(field.raw_data) and not any(str(value).strip() for value in field.raw_data or ())


def _leaves(field: Any) -> Iterator[Field]:
    """The fields below a field that a person can type into."""
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _leaves(entry)
    elif isinstance(field, FormField):
        for inner in field.form:
            yield from _leaves(inner)
    else:
        yield field


def _answer(field: Any) -> Any:
    """What a field says: rows as a list of what each row says, an empty row as nothing, an empty text as nothing."""
    if isinstance(field, FieldList):
        rows = [_entry(entry) for entry in field.entries]
        return [row for row in rows if row not in NOTHING]
    if isinstance(field, FormField):
        return _part(field)
    return None if isinstance(field.data, str) and not field.data.strip() else field.data


def _said(field: Any) -> Any:
    """What a field says, so that two can be compared: every way of saying nothing is the same."""
    answer = _answer(field)
    return None if answer in NOTHING or answer == [] else answer


def _entry(entry: Any) -> Any:
    """What one row of a list says; nothing where the field that leads it (its first) is empty."""
    if not isinstance(entry, FormField):
        return _answer(entry)
    lead = next(iter(entry.form), None)
    return None if lead is None or _answer(lead) in (None, "") else _part(entry)


def _part(field: FormField[Any]) -> dict[str, Any]:
    """What a form within a form says."""
    said = {inner.short_name: _answer(inner) for inner in field.form}
    return {name: value for name, value in said.items() if value is not None}


def _problems_of(field: Any) -> Iterator[tuple[str, str]]:
    if isinstance(field, FieldList | FormField):
        inner = field.entries if isinstance(field, FieldList) else field.form
        for one in inner:
            yield from _problems_of(one)
        return
    for sentence in field.errors:
        yield field.id, str(sentence)


WORDS: Mapping[type[Any], Any] = {
    IntegerField: _("Enter a whole number."),
    DecimalField: _("Enter a number."),
    FloatField: _("Enter a number."),
    DateField: _("Enter a date."),
    DateTimeLocalField: _("Enter a date."),
}
