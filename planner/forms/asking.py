"""The parent of every form: its schema judges what was said, and each error stands at its field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Any, ClassVar, NamedTuple

from flask import current_app
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields import DateField, DateTimeLocalField, DecimalField, FloatField, IntegerField
from wtforms.utils import unset_value

from planner.forms.fields import NumberField
from planner.wording import Refusal, refusal_sentence, schema_sentence

MOST_ROWS = 60
VERSION_LONGEST = 18  # digits
NOTHING: tuple[Any, ...] = (None, {}, "")
CONTROLS = frozenset({"version", "as_read", "csrf_token"})
Sent = list[tuple[str, str]]  # a form's names and values, as a browser sends them


class AsRead(NamedTuple):
    """What an editor read, as their page carried it: the version, what the fields said, what stood beside them."""

    version: int | None
    sent: Sent
    beside: dict[str, str]


class VersionField(HiddenField):
    """The version that was read, and with it, signed, what the editor read: whoever is second can merge by it."""

    form_around: AskingForm | None = None

    def __call__(self, **kwargs: Any) -> Markup:
        form = self.form_around
        if form is None:
            return super().__call__(**kwargs)
        form.as_read.data = form.as_read.data or form.signed()
        return super().__call__(**kwargs) + form.as_read()


class RowForm(Form):
    """One row of a list in a form, under its parent's CSRF token; `keys` are the fields by which it is known again."""

    keys: ClassVar[tuple[str, ...]] = ()


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
    """A form over a schema. `version` is the one that the editor read.

    `filled_from` is what the form was filled from where that is a record: a row, or its parts under the fields' names.
    `beside` is what a page says beside its fields, in words; who comes too late is shown what of it has changed.
    """

    schema: ClassVar[type[BaseModel]]
    version = VersionField()
    as_read = HiddenField()

    said: Any  # what was said, an instance of `schema`, once `validate` has held
    filled_from: tuple[Any, Any] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.beside: dict[str, str] = {}
        self.is_overtaken = False
        self.overtaken: list[tuple[str, str, str]] = []
        super().__init__(*args, **kwargs)
        self.version.form_around = self

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **kwargs: Any) -> None:
        """Fills the fields, and keeps what they are filled from."""
        if obj is not None or "version" in (data or {}):
            self.filled_from = (obj, data)
        super().process(formdata, obj, data, **kwargs)

    def present(self) -> AskingForm:
        """The same form as it would be opened now, nothing typed. Raises TypeError where it shows no record."""
        obj, data = self.filled_from  # type: ignore[misc]
        return type(self)(formdata=None, obj=obj) if obj is not None else type(self)(formdata=None, data=data)

    def signed(self) -> str:
        """What this page shows of a record, for the form to carry."""
        shown = self.present() if self.filled_from is not None else None
        if shown is None and not self.beside:
            return ""
        version = _number(shown.version.data if shown is not None else self.version.data)
        sent = shown.sent() if shown is not None else []
        return str(_signer().dumps([version, sent, self.beside]))

    def read(self) -> AsRead | None:
        """What the editor read, as their form carried it; None where it carries nothing of ours."""
        try:
            version, sent, beside = _signer().loads(self.as_read.data or "")
        except (BadSignature, TypeError, ValueError):
            return None
        return AsRead(version, [(str(name), str(value)) for name, value in sent], beside)

    def sent(self) -> Sent:
        """What a browser would send of this form as it stands, without the version and what belongs to it."""
        return [pair for field in self if field.short_name not in CONTROLS for pair in sent_by(field)]

    def say(self, sent: Iterable[tuple[str, str]]) -> None:
        """Lets the form say this, as if it had been typed over what is there now."""
        obj, data = self.filled_from or (None, None)
        now = self.present()
        said = MultiDict([*sent, ("version", now.version.data or "")])
        self.process(said, obj, data)
        self.as_read.data = self.signed()

    def overtake(self, version: Any, sentence: str) -> None:
        """Makes this the same question once more, about what is there now: what was typed stays, somebody was first."""
        before = self.read()
        if before is not None:
            now = {**dict.fromkeys(before.beside, str(_("no longer on this page"))), **self.beside}
            self.overtaken = [(name, was, now[name]) for name, was in before.beside.items() if was != now[name]]
        self.version.data, self.as_read.data = str(version), ""
        self.version.raw_data = None
        self.is_overtaken = True
        self.form_errors.append(sentence)

    @property
    def read_version(self) -> int | None:
        """The version that was sent along; None where it is missing (whatever the row says now) or no number."""
        return _number((self.version.raw_data or [""])[0])

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


def _signer() -> URLSafeSerializer:
    """Signs what a page carries through the browser, so that what comes back is ours."""
    return URLSafeSerializer(current_app.secret_key or "", salt="as read")


def _number(said: Any) -> int | None:
    """A version; None where it is none."""
    text = str(said)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= VERSION_LONGEST else None


def sent_by(field: Any) -> Iterator[tuple[str, str]]:
    """What a browser sends of a field that nobody has touched."""
    if isinstance(field, FieldList | FormField):
        inner = field.entries if isinstance(field, FieldList) else field.form
        for one in inner:
            yield from sent_by(one)
    elif isinstance(field, BooleanField):
        yield from [(field.name, _text_of(field))] if field.data else []
    elif isinstance(field, SelectMultipleField):
        yield from ((field.name, str(value)) for value in field.data or ())
    elif isinstance(field, SelectField):
        yield from _chosen(field)
    else:
        yield field.name, _text_of(field)


def _text_of(field: Any) -> str:
    """The text of a field, as its own widget shows it."""
    return str(field._value())  # noqa: SLF001 -- widgets have no other way either


def _chosen(field: SelectField) -> list[tuple[str, str]]:
    """The choice that stands; of a list the first one where none does."""
    choices = list(field.iter_choices())
    chosen = [choice for choice in choices if choice.selected]  # type: ignore[attr-defined]
    if not chosen and not isinstance(field, RadioField):
        chosen = choices[:1]
    return [(field.name, str(choice.value)) for choice in chosen[:1]]  # type: ignore[attr-defined]


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


def said_by(field: Any) -> Any:
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
    NumberField: _("Enter a number."),
    DateField: _("Enter a date."),
    DateTimeLocalField: _("Enter a date."),
}
