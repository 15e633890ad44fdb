"""Fields that several forms share: money, moments, picks from what the page offers, languages and short lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberFormatError, parse_decimal
from flask import g
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import FloatField, SelectField, StringField, TextAreaField
from wtforms.fields import Field, SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional
from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput, TextInput

from planner.models import MINOR

WHOLE_LARGEST = 2**53  # up to which a floating number tells whole ones apart
Choices = Iterable[tuple[Any, Any]]


def offer(**choices: Choices) -> None:
    """Hands over the (value, label) pairs that this page's picks offer, by name; forms themselves never query."""
    g.setdefault("offers", {}).update({name: [(str(v), str(t)) for v, t in some] for name, some in choices.items()})


def offered(name: str, blank: Any = None) -> Callable[[], list[SelectChoice]]:
    """The choices that the page has offered under a name, after an empty one where `blank` says what it means."""

    def choices() -> list[SelectChoice]:
        first = [SelectChoice("", str(blank))] if blank is not None else []
        return first + [SelectChoice(value, label) for value, label in g.get("offers", {}).get(name, [])]

    return choices


class PickField(SelectField):
    """One of what the page offers. The verb judges whether it is there, so that the API is held to the same."""

    def __init__(self, label: Any, offers: str, *, blank: Any = "", **kwargs: Any) -> None:
        super().__init__(label, choices=offered(offers, blank), validate_choice=False, **kwargs)


class WordsField(SelectField):
    """One of a few values of the schema, each under its word; the schema judges."""

    def __init__(self, label: Any, words: Sequence[tuple[Any, Any]], **kwargs: Any) -> None:
        choices = [SelectChoice(str(value), text) for value, text in words]
        super().__init__(label, choices=choices, validate_choice=False, **kwargs)


class LinesField(TextAreaField):
    """A list of short texts, one to a line."""

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data: Any = [line.strip() for line in (valuelist[0] if valuelist else "").splitlines() if line.strip()]


class CommaField(StringField):
    """A list of short texts, separated by commas."""

    def _value(self) -> str:
        return ", ".join(self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist[0] if valuelist else "").replace(";", ",").replace("\n", ",")
        self.data: Any = [part.strip() for part in text.split(",") if part.strip()]


class NumberField(FloatField):
    """A number with any digits behind the point, from `least` on; it may stay empty. A whole one is shown whole."""

    def __init__(self, label: Any, *, least: float | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators=[Optional()], widget=NumberInput(step="any", min=least), **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        is_whole = float(self.data).is_integer() and abs(self.data) < WHOLE_LARGEST
        return str(int(self.data) if is_whole else self.data)


class MoneyField(Field):
    """An amount in units of money as people write it; what is said is in minor units."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return str(self.data // MINOR) if self.data % MINOR == 0 else f"{Decimal(self.data) / MINOR:.2f}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = "".join((valuelist[0] if valuelist else "").split()).replace("\u202f", "")
        self.data: Any = None
        if not text:
            return
        try:
            minor = _decimal(text) * MINOR
        except (NumberFormatError, ValueError) as error:
            raise ValueError(str(_("Enter an amount of money, such as 1650 or 1650.50."))) from error
        if minor != int(minor):
            raise ValueError(str(_("Enter at most two digits behind the point.")))
        self.data = int(minor)


class MomentField(Field):
    """The start of a period: a date, or a date and an hour in a workspace that counts hours (`offer_hours`)."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, widget=DateTimeLocalInput() if g.get("counts_hours") else DateInput(), **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if not isinstance(self.data, datetime):
            return ""
        return self.data.strftime("%Y-%m-%dT%H:%M" if g.get("counts_hours") else "%Y-%m-%d")

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data: Any = None
        if not text:
            return
        try:
            self.data = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(str(_("Enter a date."))) from error

    def process_data(self, value: Any) -> None:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        self.data = datetime.combine(value, time.min) if is_day else value


class LanguagesField(CommaField):
    """Languages as people write them, by name or code; what is said are codes, what is not known stays as typed."""

    def _value(self) -> str:
        return ", ".join(language_name(code) for code in self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = list(dict.fromkeys(_language_code(name) for name in self.data))


def offer_hours(is_hourly: bool) -> None:
    """Says whether the moments of this page carry an hour."""
    g.counts_hours = is_hourly


def language_name(code: str) -> str:
    """A language's name in the reader's language; its code where it has none."""
    names = Locale.parse(str(get_locale() or "en")).languages
    return str(names.get(code.replace("-", "_"), code))


def _language_code(name: str) -> str:
    wanted = name.casefold()
    for reader in dict.fromkeys((str(get_locale() or "en"), "en", "fr")):
        for code, known in Locale.parse(reader).languages.items():
            if known.casefold() == wanted:
                return code.replace("_", "-")
    return wanted if _is_language(wanted) else name


def _is_language(code: str) -> bool:
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return code in Locale("en").languages
    return True


def _decimal(text: str) -> Decimal:
    """An amount in the reader's way of writing, or with a plain point."""
    try:
        return parse_decimal(text, locale=str(get_locale() or "en"), strict=True)
    except NumberFormatError:
        return parse_decimal(text, locale="en", strict=True)
