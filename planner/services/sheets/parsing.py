"""What a cell says: dates, money and numbers in the notations that people use. What could mean two things is refused.

The reader's language decides only where nothing else does: 03/04/2027 is the third of April where some other date of
the same column could not be read otherwise, and else what the language is used to.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale
from babel.numbers import get_currency_symbol

from planner.models import MINOR, fold
from planner.services.sheets.columns import LANGUAGES, Unreadable

Cell = str | int | float | Decimal | bool | date | datetime | None
EXCEL_DAY_0 = date(1899, 12, 30)
SERIAL_DAYS = range(20_000, 80_000)  # 1954 to 2119, as Excel counts days
NUMBERED = re.compile(r"^(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})$")
NAMED = re.compile(r"^(?:[^\W\d_]+\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|er)?\.?\s+(?:de\s+)?([^\W\d_]+)\.?,?\s+(\d{4})$")
NAMED_FIRST = re.compile(r"^([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
WEEK = re.compile(r"^(\d{4})-?[WwSs](\d{1,2})$")
YES = {"yes", "y", "true", "1", "x", "✓", "✔", "oui", "o", "vrai", "on"}
NO = {"no", "n", "false", "0", "-", "non", "faux", "off"}
CODE = re.compile(r"[A-Za-z]{3}")
SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'’"))


@dataclass(frozen=True)
class Habits:
    """How a column's ambiguous cells are read: the day before the month, and whether 1 is 100 %."""

    is_day_first: bool = False
    is_fraction: bool = False
    is_comma_decimal: bool = False


def habits_of(cells: Iterable[Cell], language: str) -> Habits:
    """What a column's cells, all together, say of the way in which each is written."""
    some = [cell for cell in cells if cell is not None and cell != ""]
    numbers = [cell for cell in some if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)]
    is_fraction = bool(numbers) and all(0 <= n <= 1 for n in numbers) and any(n != int(n) for n in numbers)
    firsts = [found for cell in some if isinstance(cell, str) and (found := NUMBERED.match(cell.strip()))]
    days = {int(f[1]) > 12 for f in firsts if f[2] == "/" and len(f[1]) < 3 and (int(f[1]) > 12 or int(f[3]) > 12)}
    is_day_first = days.pop() if len(days) == 1 else language == "fr"
    return Habits(is_day_first, is_fraction, language == "fr")


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, days as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def decimal(cell: Cell, habits: Habits) -> Decimal:
    """A number, with spaces, points or commas between its thousands. Raises Unreadable."""
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return Decimal(cell)
    if isinstance(cell, float):
        return Decimal(repr(cell))
    if not isinstance(cell, str):
        raise Unreadable("number_not_read", text=text_of(cell))
    text = cell.translate(SPACES).replace("−", "-")
    try:
        return Decimal(_with_point(text, habits))
    except InvalidOperation:
        raise Unreadable("number_not_read", text=cell) from None


def _with_point(text: str, habits: Habits) -> str:
    """A number's text with a decimal point and no marks between thousands; one that could be either is none."""
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", text):
        return ""
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        thousands, mark = (".", ",") if comma > point else (",", ".")
        return _grouped(text, thousands, mark)
    mark = "," if comma >= 0 else "."
    if text.count(mark) > 1:
        return _grouped(text, mark, "")
    if mark in text and len(text) - text.rfind(mark) == 4 and text.lstrip("+-")[0] not in f"0{mark}":
        is_decimal = (mark == ",") == habits.is_comma_decimal
        return "" if is_decimal else text.replace(mark, "")  # 1,650 is a number that people write in two ways
    return text.replace(",", ".")


def _grouped(text: str, thousands: str, mark: str) -> str:
    whole, _sep, rest = text.partition(mark) if mark else (text, "", "")
    groups = whole.lstrip("+-").split(thousands)
    is_whole = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return f"{whole.replace(thousands, '')}.{rest or 0}" if is_whole and thousands not in rest else ""


def whole(cell: Cell, habits: Habits) -> int:
    """A whole number. Raises Unreadable."""
    found = decimal(cell, habits)
    if not found.is_finite() or found != int(found):
        raise Unreadable("whole_number_not_read", text=text_of(cell))
    return int(found)


def percent(cell: Cell, habits: Habits) -> int:
    """A whole percentage: 80, 80 %, or 0.8 in a column of fractions. Raises Unreadable."""
    if isinstance(cell, str):
        return whole(cell.replace("%", "").strip(), habits)
    found = decimal(cell, habits)
    if habits.is_fraction or (isinstance(cell, float) and 0 < found < 1):
        found *= 100
    if not found.is_finite() or found != int(found):
        raise Unreadable("whole_number_not_read", text=text_of(cell))
    return int(found)


def money(cell: Cell, habits: Habits) -> tuple[int, str]:
    """An amount in minor units, and the currency that stands with it, if any. Raises Unreadable."""
    currency = ""
    if isinstance(cell, str):
        cell, currency = _without_currency(cell.strip())
    try:
        minor = decimal(cell, habits) * MINOR
    except Unreadable:
        raise Unreadable("money_not_read", text=text_of(cell)) from None
    if not minor.is_finite():
        raise Unreadable("money_not_read", text=text_of(cell))
    if isinstance(cell, float):
        minor = Decimal(round(minor, 4))
    if minor != int(minor):
        raise Unreadable("money_too_fine", text=text_of(cell))
    return int(minor), currency


def _without_currency(text: str) -> tuple[str, str]:
    for symbol, code in _symbols().items():
        if text.startswith(symbol) or text.endswith(symbol):
            return text.replace(symbol, "", 1).strip(), code
    found = CODE.search(text)
    if found and (text.startswith(found[0]) or text.endswith(found[0])):
        return text.replace(found[0], "", 1).strip(), found[0].upper()
    return text, ""


@cache
def _symbols() -> dict[str, str]:
    """The signs that stand for one currency alone, the longest first; a bare $ is taken for the US dollar."""
    codes = ("EUR", "USD", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "HKD", "INR", "KRW", "BRL", "ILS", "PLN")
    found = {get_currency_symbol(code, locale): code for code in codes for locale in LANGUAGES}
    return dict(sorted(found.items(), key=lambda one: -len(one[0])))


def day(cell: Cell, habits: Habits) -> date:
    """A day. Raises Unreadable where it is none, such as 29 February 1900."""
    found = _day(cell, habits)
    if found is None:
        raise Unreadable("day_not_read", text=text_of(cell))
    return found


def moment(cell: Cell, habits: Habits) -> datetime:
    """A day, or a day and an hour. Raises Unreadable."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, str) and ":" in cell:
        try:
            return datetime.fromisoformat(cell.strip())
        except ValueError:
            raise Unreadable("day_not_read", text=cell) from None
    return datetime.combine(day(cell, habits), time.min)


def _day(cell: Cell, habits: Habits) -> date | None:
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time.min else None
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float | Decimal):
        is_serial = cell == int(cell) and int(cell) in SERIAL_DAYS
        return EXCEL_DAY_0 + timedelta(int(cell)) if is_serial else None
    try:
        return _day_in(cell.strip(), habits)
    except ValueError:
        return None


def _day_in(text: str, habits: Habits) -> date | None:
    if found := NUMBERED.match(text):
        return _numbered(found, habits)
    if found := WEEK.match(text):
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    if re.fullmatch(r"\d{8}", text):
        return date.fromisoformat(text)
    if text[10:] in (" 00:00:00", "T00:00:00", " 00:00"):
        return date.fromisoformat(text[:10])
    if found := NAMED.match(text):
        number, name, year = found.groups()
    elif found := NAMED_FIRST.match(text):
        name, number, year = found.groups()
    else:
        return None
    month = _months().get(fold(name))
    return date(int(year), month, int(number)) if month else None


def _numbered(found: re.Match[str], habits: Habits) -> date | None:
    first, mark, second, third = found[1], found[2], int(found[3]), found[4]
    if len(first) == 4:
        return date(int(first), second, int(third))
    if len(third) not in (2, 4) or len(first) > 2:
        return None
    year = int(third) + (2000 if len(third) == 2 else 0)
    is_day_first = mark == "." or habits.is_day_first
    number, month = (int(first), second) if is_day_first else (second, int(first))
    return date(year, month, number)


@cache
def _months() -> dict[str, int]:
    """The names of months, long and short, in every language of ours."""
    found = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in Locale(language).months[context][width].items():
                    found[fold(name.rstrip("."))] = number
    return found | {"sept": 9}


def yes_no(cell: Cell) -> bool:
    """Yes or no. Raises Unreadable."""
    if isinstance(cell, bool):
        return cell
    said = fold(text_of(cell))
    if said in YES or said in NO:
        return said in YES
    raise Unreadable("yes_or_no_not_read", text=text_of(cell))


def several(cell: Cell) -> list[str]:
    """The texts of a list in one cell: between line breaks or semicolons if there are any, else between commas."""
    text = text_of(cell)
    if not text:
        return []
    if '"' not in text:
        return [part for one in re.split(r"[;\n]" if re.search(r"[;\n]", text) else ",", text) if (part := one.strip())]
    rows = csv.reader(io.StringIO(text.replace("\n", ";")), delimiter=";", skipinitialspace=True)
    return [part for row in rows for one in row if (part := one.strip())]


def joined(texts: Iterable[str]) -> str:
    """Texts as one cell, so that `several` reads the same texts again."""
    some = list(texts)
    if not any(re.search(r'[",;\n]', text) or text != text.strip() for text in some):
        return ", ".join(some)
    return "; ".join('"' + text.replace('"', '""') + '"' if re.search(r'[",;\n]', text) else text for text in some)


def levels(cell: Cell, habits: Habits) -> list[tuple[str, int]]:
    """Names with a level each: SEO=4, SQL: 3, Figma (2) or Excel 5. Raises Unreadable."""
    found = []
    for part in several(cell):
        hit = re.fullmatch(r"(.*?)\s*(?:[=:]|\s-\s|\s|\()\s*(\d{1,3})\)?", part, re.DOTALL)
        if hit is None or not hit[1].strip():
            raise Unreadable("level_not_read", text=part)
        found.append((hit[1].strip(), whole(hit[2], habits)))
    return found
