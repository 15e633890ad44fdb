"""Which column of a sheet means what: guessed from the headings in both languages, and remembered once corrected."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, process

from planner.models import fold
from planner.services.sheets.columns import Column
from planner.services.sheets.parsing import text_of

ALIKE = 86  # rapidfuzz ratio from which a heading is probably a column's
HEADER_AMONG = 20  # rows at the top in which the headings are looked for


def plain(heading: str) -> str:
    """A heading without case, accents, units, marks and the code of an export; a percent sign is a word of it."""
    bare = re.sub(r"\([^)%]*\)", " ", heading).replace("_", " ").replace("%", " pct ")
    return " ".join(re.findall(r"[\w+#&]+", fold(bare)))


def header_at(rows: Sequence[Sequence[Any]], columns: Mapping[str, Column]) -> int:
    """Which row holds the headings: the one of the first in which most of them are known; else the first that is
    not empty."""
    known = _names(columns)
    best, most = 0, -1
    for n, row in enumerate(rows[:HEADER_AMONG]):
        texts = [text_of(cell) for cell in row if text_of(cell)]
        hits = sum(plain(text) in known for text in texts) if texts else -1
        if hits > most:
            best, most = n, hits
    return best


def guess(header: Sequence[Any], columns: Mapping[str, Column]) -> list[str]:
    """The column that each heading probably names; nothing where none is near. No column is named twice."""
    known = _names(columns)
    texts = [plain(text_of(cell)) for cell in header]
    found = [known.get(text, "") if text else "" for text in texts]
    found = [name if name not in found[:n] else "" for n, name in enumerate(found)]
    near = []
    for n, text in enumerate(texts):
        if found[n] or len(text) < 3:
            continue
        for alias, score, _ in process.extract(text, list(known), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE):
            near.append((-score, n, known[alias]))
    for _score, n, name in sorted(near):
        if not found[n] and name not in found:
            found[n] = name
    return found


def signature(header: Sequence[Any]) -> str:
    """What sheets with the same headings have in common, in whatever order they stand."""
    return hashlib.sha256("\n".join(sorted(plain(text_of(cell)) for cell in header)).encode()).hexdigest()


def _names(columns: Mapping[str, Column]) -> dict[str, str]:
    """Every heading that names one column: the first column that claims it has it."""
    known: dict[str, str] = {}
    for column in columns.values():
        for text in (column.name if not column.ident else "", column.en, column.fr, *column.aliases):
            if plain(text):
                known.setdefault(plain(text), column.name)
    return known
