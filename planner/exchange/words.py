"""Texts, dates, numbers and money in one language, with no request: pages, workers and the command line alike."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.support import NullTranslations, Translations

TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"
ENGLISH = "en"
_NO_CENTS = {"en": "¤#,##0", "fr": "#,##0\u00a0¤"}


def N_(sentence: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Marks a sentence for the catalogue; it is looked up where it is said."""
    return sentence


@cache
def _catalogue(folder: Path, language: str) -> NullTranslations:
    """The texts of a language; English where there is no catalogue."""
    return Translations.load(folder, [language])


class Words:
    """One language: its texts and its way to write values; `currency` is that of all money."""

    def __init__(self, language: str = ENGLISH, currency: str = "EUR") -> None:
        try:
            self.locale = Locale.parse(language, sep="-" if "-" in language else "_")
        except (ValueError, UnknownLocaleError):
            self.locale = Locale(ENGLISH)
        self.currency = currency
        self._texts = _catalogue(TRANSLATIONS, self.language)

    @property
    def language(self) -> str:
        return str(self.locale.language)

    def gettext(self, sentence: str, **params: object) -> str:
        """A sentence in this language, with its named params."""
        said = str(self._texts.gettext(sentence))
        return said % params if params else said

    def pgettext(self, context: str, sentence: str) -> str:
        """A sentence whose translation hangs on what it is said of, named by `context`."""
        return str(self._texts.pgettext(context, sentence))

    def ngettext(self, one: str, many: str, num: int, **params: object) -> str:
        """A sentence about a number of things, which it names `num`."""
        return str(self._texts.ngettext(one, many, num)) % {**params, "num": self.number(num)}

    # -- values

    def number(self, value: float, digits: int = 1) -> str:
        """A number with at most so many digits behind the point."""
        return str(format_decimal(round(value, digits), locale=self.locale))

    def percent(self, value: float, digits: int = 0) -> str:
        """Percent, said as it is written: 12 is 12 %."""
        pattern = self.locale.percent_formats[None].pattern
        if digits and value % 1:
            pattern = pattern.replace("0", f"0.{'#' * digits}", 1)
        return str(format_percent(round(value, digits) / 100, pattern, locale=self.locale))

    def money(self, units: int) -> str:
        """Whole units of the currency."""
        pattern = _NO_CENTS.get(self.language, _NO_CENTS["en"])
        return str(format_currency(units, self.currency, pattern, locale=self.locale, currency_digits=False))

    def day(self, value: date) -> str:
        """A date."""
        return str(format_date(value, "medium", locale=self.locale))

    def short_day(self, value: date) -> str:
        """A date without its year."""
        return str(format_skeleton("MMMd", value, locale=self.locale))

    def moment(self, value: date) -> str:
        """A wall-clock moment: a date, with the hour where it has one that is not midnight."""
        if not isinstance(value, datetime) or value.time() == time.min:
            return self.day(value)
        return f"{self.day(value)}, {format_skeleton('Hm', value, locale=self.locale)}"

    def instant(self, value: datetime) -> str:
        """A UTC instant, said to be one."""
        return f"{self.day(value)}, {format_datetime(value, 'HH:mm', locale=self.locale)} UTC"

    def list(self, items: list[str]) -> str:
        """Things in a row: a, b and c."""
        return str(format_list(items, locale=self.locale)) if items else ""

    def truth(self, value: bool) -> str:
        return self.gettext("yes") if value else self.gettext("no")

    def spoken(self, language: str) -> str:
        """The name of a language by its code."""
        return str(self.locale.languages.get(language, language))
