"""Everything about one person in a ZIP: JSON and CSV for programs, a page to read, and their own files."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import defusedcsv.csv as safe_csv

from planner.exchange.csv_zip import escape, zipped

Tables = Mapping[str, list[dict[str, Any]]]


def write(title: str, tables: Tables, files: Mapping[str, bytes], *, at: datetime, language: str) -> bytes:
    """The archive. Tables that are empty are in the JSON and on the page, so that one sees that nothing is kept."""
    document = {"about": title, "made_at": at.isoformat(), "tables": tables}
    return zipped(
        {
            "everything.json": json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n",
            "everything.html": _page(title, tables, language).encode(),
            **{f"tables/{name}.csv": _csv(rows) for name, rows in tables.items() if rows},
            **files,
        },
        at,
    )


def _csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = safe_csv.writer(text)
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(names)
    for row in rows:
        writer.writerow([escape(_text(row.get(name))) for name in names])
    return text.getvalue().encode("utf-8-sig")


def _page(title: str, tables: Tables, language: str) -> str:
    """A page that needs nothing else: plain tables under headings."""
    parts = [
        f'<!doctype html><html lang="{html.escape(language)}"><head><meta charset="utf-8">',
        f"<title>{html.escape(title)}</title></head><body><h1>{html.escape(title)}</h1>",
    ]
    for name, rows in tables.items():
        parts.append(f"<h2>{html.escape(name.replace('_', ' '))}</h2>")
        parts.append(_table(rows) if rows else "<p>–</p>")
    return "".join((*parts, "</body></html>\n"))


def _table(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    lines = (
        "<tr>" + "".join(f"<td>{html.escape(_text(row.get(name)))}</td>" for name in names) + "</tr>" for row in rows
    )
    return f'<table border="1"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def _text(value: Any) -> str:
    return "" if value is None else str(value)
