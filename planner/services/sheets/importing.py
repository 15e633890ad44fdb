"""Importing a draft: looked at against the present, then everything at once or nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from planner.models import ImportDraft, ImportState, User, now
from planner.services import removal
from planner.services.editing import require_version
from planner.services.refused import Refused
from planner.services.sheets import exporting
from planner.services.sheets.drafts import content_of, kind_of, require_open
from planner.services.sheets.findings import Findings, Line, LineState, packed
from planner.services.sheets.kinds import Item
from planner.services.sheets.preview import Preview, Sheet
from planner.services.sheets.world import World


@dataclass(frozen=True)
class Outcome:
    """What became of an import; where the present had moved since it was looked at, nothing: it is shown again."""

    is_done: bool
    findings: Findings


def look(session: Session, draft: ImportDraft, *, by: User, language: str) -> Findings:
    """What the sheet would do now; kept with the draft, for its pages."""
    with _uncollected():
        return _looked(session, draft, by, language)[0]


def run(session: Session, draft: ImportDraft, version: int | None, *, by: User, language: str) -> Outcome:
    """Imports a draft. Raises Stale, and Refused where rows are refused or choices open, or nothing is to be done."""
    require_version(draft, version)
    require_open(draft)
    with _uncollected():
        return _run(session, draft, by, language)


def _run(session: Session, draft: ImportDraft, by: User, language: str) -> Outcome:
    seen = Findings.unpacked(draft.findings) if draft.findings is not None else Findings([])
    findings, preview = _looked(session, draft, by, language, seen=seen)
    if findings.counts["moved"]:
        return Outcome(False, findings)
    items = _wanted(draft, findings, preview)
    gone = _removals(draft, findings)
    if not items and not gone:
        raise Refused("nothing_to_import")
    for item in items:
        item.before = item.present.said if item.present is not None else {}
    preview.kind.write(session, preview.world, items, by)
    removed = [_remove(session, preview, line, by) for line in gone]
    _close(session, draft, findings, items, removed)
    return Outcome(True, findings)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Ten thousand rows are no garbage: to look through them for some, again and again, takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _looked(
    session: Session, draft: ImportDraft, by: User, language: str, *, seen: Findings | None = None
) -> tuple[Findings, Preview]:
    content, kind = content_of(session, draft), kind_of(draft)
    world = World(session, language)
    base = exporting.base_of(session, draft.copy_code, kind) if draft.copy_code else None
    sheet = Sheet(
        draft.mapping,
        [(number, row) for number, row in content["rows"]],
        is_exact=draft.is_clearing,
        base=base,
        choices=draft.choices.get("cells", {}),
    )
    preview = Preview(kind, world, sheet, by)
    findings = preview.findings()
    if seen is not None:
        _compare(seen, findings)
    draft.findings, draft.counts = findings.packed(), findings.counts
    session.flush()
    return findings, preview


def _compare(seen: Findings, found: Findings) -> None:
    """Marks the lines that say something else than when they were looked at."""
    before = {(line.number, line.id): _content(line) for line in seen.lines}
    for line in found.lines:
        line.has_moved = before.get((line.number, line.id)) != _content(line)


def _content(line: Line) -> Any:
    """What a reader has seen of a line; a choice that they made since is no change of the world."""
    cells = {name: list(pair) for name, pair in line.cells.items()}
    return line.state, line.version if line.state is LineState.CHANGED else 0, cells


def _wanted(draft: ImportDraft, findings: Findings, preview: Preview) -> list[Item]:
    counts = findings.counts
    if counts["asks"]:
        raise Refused("choices_are_open", num=counts["asks"])
    if counts["refused"] and not draft.choices.get("leaves_out"):
        raise Refused("rows_are_refused", num=counts["refused"])
    return list(preview.items.values())


def _removals(draft: ImportDraft, findings: Findings) -> list[Line]:
    ticked = set(draft.choices.get("removals", ()))
    return [line for line in findings.lines if line.state is LineState.MISSING and line.id in ticked]


def _remove(session: Session, preview: Preview, line: Line, by: User) -> int:
    """Removes a row that the sheet has no longer, which somebody has ticked. Raises Refused."""
    present = preview.present[line.id or 0]
    if not preview.kind.may_remove(by, present):
        raise Refused("removal_not_yours", title=line.title)
    row: Any = session.get_one(preview.kind.model, line.id)
    return removal.remove(session, row, title=line.title, by_id=by.id).id


def _close(
    session: Session, draft: ImportDraft, findings: Findings, items: Sequence[Item], removed: Sequence[int]
) -> None:
    """Keeps what undoing needs, and forgets the sheet."""
    lines: Mapping[int, Line] = {line.number: line for line in findings.lines}
    draft.images = packed(
        {
            "added": [made for item in items for made in item.made],
            "changed": [
                [item.id, item.version, item.before, lines[item.number].cells]
                for item in items
                if item.present is not None
            ],
            "removed": list(removed),
        }
    )
    draft.state, draft.imported_at, draft.cells = ImportState.IMPORTED, now(), None
    draft.counts = findings.counts | {"removed": len(removed)}
    session.flush()
