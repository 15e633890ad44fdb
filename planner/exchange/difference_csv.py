"""What lies between two versions of a plan as a sheet: a row for each seat and each phase, and what it comes to."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import defusedcsv.csv as safe_csv

from planner.exchange.csv_zip import escape

Cell = str | int | None


def difference_csv(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows below their titles, as a spreadsheet opens them; no text is taken for a formula."""
    text = io.StringIO(newline="")
    writer = safe_csv.writer(text)
    writer.writerow([escape(title) for title in titles])
    for row in rows:
        writer.writerow([escape(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
