"""Three sides become one: no edit is lost on either, and only what both have changed differently is asked."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.sheets.merging import UNKNOWN, Grid, Merge, RowFate, SheetRow, Verdict, merge, verdict

FIELDS = ("a", "b")
VALUES = st.integers(0, 2)
GRIDS = st.dictionaries(st.sampled_from("pqrst"), st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES)), max_size=5)


def as_sheet(grid: Grid) -> list[SheetRow]:
    return [SheetRow(num, ident, row) for num, (ident, row) in enumerate(grid.items(), 1)]


def slow_merge(base: dict[str, Any], sheet: dict[str, Any], present: dict[str, Any]) -> tuple[set[Any], dict[str, Any]]:
    """The same by the plain rule of three, over facts: a row is there or not, a cell is what it is."""
    conflicts, out = set(), {}
    for ident in base.keys() | sheet.keys() | present.keys():
        then, mine, now = (side.get(ident) for side in (base, sheet, present))
        if then is None and now is None:  # an id that nobody has given out
            continue
        if then is None and mine is not None:  # what it was is not known: each difference is asked
            conflicts |= {(ident, name) for name in FIELDS if mine[name] != now[name]}
            out[ident] = now
        elif mine is None or now is None:
            there = [side for side in (mine, now) if side is not None]
            if there and then is not None and there[0] != then:
                conflicts.add((ident, None))
            kept = now if then is None or (there and there[0] != then) else None
            if kept is not None:
                out[ident] = kept
        else:
            out[ident] = {}
            for name in FIELDS:
                changed = {side[name] for side in (mine, now) if side[name] != then[name]}
                if len(changed) > 1:
                    conflicts.add((ident, name))
                out[ident][name] = now[name] if len(changed) > 1 else next(iter(changed), then[name])
    return conflicts, out


def conflicts_of(found: Merge) -> set[Any]:
    on_both = found.rows_of(RowFate.GONE_IN_SHEET_CHANGED_HERE, RowFate.CHANGED_IN_SHEET_GONE_HERE)
    rows = {(row.ident, None) for row in on_both}
    return {(cell.ident, cell.field) for cell in found.conflicts} | rows


@given(GRIDS, GRIDS, GRIDS)
def test_merge_agrees_with_the_plain_rule_of_three(base: Any, sheet: Any, present: Any) -> None:
    found = merge(base, as_sheet(sheet), present)
    assert (conflicts_of(found), dict(found.merged)) == slow_merge(base, sheet, present)
    assert {row.ident for row in found.unknown} == sheet.keys() - base.keys() - present.keys()


@given(GRIDS, GRIDS)
def test_untouched_present_becomes_the_sheet(base: Any, sheet: Any) -> None:
    known = {ident: row for ident, row in sheet.items() if ident in base}
    found = merge(base, as_sheet(known), base)
    assert (dict(found.merged), found.conflicts) == (known, [])


@given(GRIDS, GRIDS)
def test_untouched_sheet_changes_nothing(base: Any, present: Any) -> None:
    found = merge(base, as_sheet(base), present)
    assert (dict(found.merged), found.conflicts, found.is_nothing_new) == (present, [], True)


@given(st.tuples(VALUES, VALUES, VALUES))
def test_two_sides_may_be_exchanged(three: tuple[int, int, int]) -> None:
    then, sheet, present = three
    mirror = {Verdict.SHEET: Verdict.PRESENT, Verdict.PRESENT: Verdict.SHEET}
    here = verdict(then, sheet, present)
    assert verdict(then, present, sheet) == mirror.get(here, here)


@given(GRIDS, GRIDS, GRIDS)
def test_conflicts_are_the_same_seen_from_the_other_side(base: Any, sheet: Any, present: Any) -> None:
    sheet, present = ({k: v for k, v in side.items() if k in base} for side in (sheet, present))
    here, there = merge(base, as_sheet(sheet), present), merge(base, as_sheet(present), sheet)
    assert conflicts_of(here) == conflicts_of(there)


@given(GRIDS, GRIDS, GRIDS)
def test_no_edit_is_lost_on_either_side(base: Any, sheet: Any, present: Any) -> None:
    """Each changed cell of each side is in the outcome, or is asked."""
    found = merge(base, as_sheet(sheet), present)
    asked = conflicts_of(found)
    for side in (sheet, present):
        for ident in base.keys() & side.keys():
            for name in FIELDS:
                if side[ident][name] != base[ident][name]:
                    is_taken = found.merged.get(ident, {}).get(name) == side[ident][name]
                    assert is_taken or (ident, name) in asked or (ident, None) in asked


@given(GRIDS, GRIDS)
def test_what_nobody_knows_is_asked_and_never_written(sheet: Any, present: Any) -> None:
    found = merge(None, as_sheet(sheet), present)
    assert dict(found.merged) == present
    assert {(cell.ident, cell.field) for cell in found.conflicts} == {
        (ident, name) for ident in sheet.keys() & present.keys() for name in FIELDS
        if sheet[ident][name] != present[ident][name]
    }  # fmt: skip
    assert all(cell.then is UNKNOWN for cell in found.conflicts)


BASE = {"p": {"a": 0, "b": 0}, "q": {"a": 0, "b": 0}, "r": {"a": 0, "b": 0}}


def test_sorted_rows_are_recognised_and_change_nothing() -> None:
    found = merge(BASE, as_sheet(dict(reversed(BASE.items()))), BASE)
    assert (found.is_reordered, found.is_nothing_new) == (True, True)
    assert not merge(BASE, as_sheet(BASE), BASE).is_reordered


def test_row_without_an_id_is_added() -> None:
    found = merge(BASE, [*as_sheet(BASE), SheetRow(9, None, {"a": 5})], BASE)
    assert [row.place for row in found.added] == [9]
    assert not found.is_nothing_new


def test_missing_column_touches_nothing() -> None:
    found = merge(BASE, [SheetRow(1, "p", {"a": 1}), *as_sheet(BASE)[1:]], {**BASE, "p": {"a": 0, "b": 7}})
    assert found.merged["p"] == {"a": 1, "b": 7}
    assert not found.conflicts


def test_doubled_id_counts_once_where_its_rows_agree_and_not_at_all_where_they_differ() -> None:
    alike = merge(BASE, [*as_sheet(BASE), SheetRow(9, "p", BASE["p"])], BASE)
    assert ([row.place for row in alike.doubled], alike.rows) == ([1, 9], ())
    differing = merge(BASE, [*as_sheet(BASE), SheetRow(9, "p", {"a": 1, "b": 0})], BASE)
    assert [row.place for row in differing.doubled] == [1, 9]
    assert (differing.merged, differing.rows) == (BASE, ())


def test_row_that_is_gone_on_one_side_and_changed_on_the_other_is_asked() -> None:
    changed = {**BASE, "p": {"a": 1, "b": 0}}
    without = {ident: row for ident, row in BASE.items() if ident != "p"}
    gone = merge(BASE, as_sheet(without), changed)
    assert [(row.ident, row.fate) for row in gone.rows] == [("p", RowFate.GONE_IN_SHEET_CHANGED_HERE)]
    left = merge(BASE, as_sheet(changed), without)
    assert [(row.ident, row.fate) for row in left.rows] == [("p", RowFate.CHANGED_IN_SHEET_GONE_HERE)]
    assert (gone.merged["p"], "p" in left.merged) == (changed["p"], False)
