"""Filters by which pages show values: dates, money, levels and names in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask import Flask
from flask_babel import format_currency, format_date, format_datetime, format_decimal, format_time, get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from planner import db
from planner.models import MINOR, Workspace


def init_app(app: Flask) -> None:
    """Gives the pages their filters."""
    for name in (
        "label",
        "moment",
        "day",
        "instant",
        "clock",
        "money",
        "money_units",
        "number",
        "pair",
        "shown_value",
        "lines",
    ):
        app.jinja_env.filters[name] = globals()[name]


def label(row: Any) -> str:
    """A skill's, style's or other catalogue row's name in the reader's language."""
    is_french = str(get_locale() or "en").startswith("fr")
    return (getattr(row, "name_fr", "") if is_french else "") or row.name


def meaning(row: Any) -> str:
    """A work style's meaning in the reader's language."""
    is_french = str(get_locale() or "en").startswith("fr")
    return str((row.meaning_fr if is_french else "") or row.meaning)


def moment(value: datetime | None, style: str = "medium") -> str:
    """The wall-clock start of a period: a date, with the hour where it is not midnight."""
    if value is None:
        return ""
    if value.time() == time.min:
        return str(format_date(value.date(), style))
    return str(format_datetime(value, "medium", rebase=False))


def day(value: date | None, style: str = "medium") -> str:
    """A date."""
    return str(format_date(value, style)) if value is not None else ""


def instant(value: datetime | None) -> str:
    """A UTC instant, in the reader's time zone, to the minute."""
    return f"{format_date(value, 'medium')}, {format_time(value, 'short')}" if value is not None else ""


def clock(value: datetime) -> str:
    """The hour and minute of a UTC instant, in the reader's time zone."""
    return str(format_time(value, "short"))


def money(minor: int | None, currency: str = "") -> str:
    """Minor units of money, with the currency (the workspace's unless said); cents only where there are some."""
    if minor is None:
        return ""
    if minor % MINOR:
        return str(format_currency(minor / MINOR, currency or _currency()))
    return money_units(minor // MINOR, currency)


def money_units(units: int | None, currency: str = "") -> str:
    """Whole units of money, with the currency (the workspace's unless said)."""
    if units is None:
        return ""
    return str(format_currency(units, currency or _currency(), format="¤#,##0" if _is_english() else "#,##0\u00a0¤",
                               currency_digits=False))  # fmt: skip


def number(value: float | None, digits: int = 1) -> str:
    """A number with at most so many digits behind the point."""
    return str(format_decimal(round(value, digits))) if value is not None else ""


def pair(value: str) -> tuple[str, str]:
    """A text as a choice: it is its own label."""
    return value, value


def lines(text: str) -> Markup:
    """A text of several lines, as they were typed."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def shown_value(field: Any) -> str:
    """What a form's field says, in words."""
    data = field.data
    if data is None or data in ("", []):
        return _("nothing")
    if isinstance(data, bool):
        return _("yes") if data else _("no")
    if hasattr(field, "entries"):
        return "; ".join(shown_value(entry) for entry in field.entries)
    if hasattr(field, "form"):
        return ", ".join(f"{inner.label.text}: {shown_value(inner)}" for inner in field.form)
    if not hasattr(field, "iter_choices"):
        return str(field._value())  # noqa: SLF001 -- the text of the field, as its own widget shows it
    chosen = dict(_choices(field))
    if isinstance(data, list):
        return ", ".join(str(chosen.get(str(one), one)) for one in data)
    return str(chosen.get(str(data), data))


def _choices(field: Any) -> list[tuple[str, str]]:
    """The choices of a select field as (value, label)."""
    return [(str(choice.value), str(choice.label)) for choice in field.iter_choices()]


def _currency() -> str:
    workspace = db.session().get(Workspace, 1)
    return workspace.currency if workspace else "EUR"


def _is_english() -> bool:
    return not str(get_locale() or "en").startswith("fr")
