"""Words about sheets that come in: what is wrong with a cell, and what stays when an import is undone."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from planner import wording
from planner.exchange.sheets.reading import CELL_FAULTS
from planner.exchange.sheets.reading import Fault as FileFault
from planner.services.sheets.columns import Fault
from planner.words.sheets import cell_sentence

FAULTS = {
    "capacity_not_read": lazy_gettext("“%(text)s” is no capacity. Write 80, or 80 2027-01-04..2027-06-30."),
    "cell_not_yours": lazy_gettext("You may see this, but not change it."),
    "choice_not_read": lazy_gettext("“%(text)s” is not one of: %(choices)s."),
    "currency_is_another": lazy_gettext("This is in %(said)s; amounts of this row are in %(here)s."),
    "day_not_read": lazy_gettext("“%(text)s” is no date. Write 2027-01-04."),
    "id_not_known": lazy_gettext("There is no row with the id “%(text)s”. Leave it empty, or write “new”."),
    "level_not_read": lazy_gettext("“%(text)s” has no level. Write SEO=4, SQL=3."),
    "money_not_read": lazy_gettext("“%(text)s” is no amount that can be read in one way. Write 1650 or 1650.50."),
    "money_too_fine": lazy_gettext("“%(text)s” has more than two digits behind the point."),
    "name_not_known": lazy_gettext("“%(text)s” is not known here. Add it first, or correct the name."),
    "name_of_several": lazy_gettext("“%(text)s” is the name of %(num)s. Write the key or the address instead."),
    "name_with_other_email": lazy_gettext(
        "Somebody of this name has another address here (%(id)s). Write that id, or “new” where it is somebody else."
    ),
    "number_not_read": lazy_gettext("“%(text)s” is no number that can be read in one way."),
    "phase_wants_a_duration": lazy_gettext("A phase wants a duration and an earliest start."),
    "row_matches_several": lazy_gettext("This names %(num)s rows. Write the id of the one that is meant."),
    "row_not_yours_to_add": lazy_gettext("You may not add this."),
    "row_said_twice": lazy_gettext("Row %(row)s is about the same."),
    "project_said_otherwise": lazy_gettext("Row %(row)s says something else of the same project."),
    "skill_twice_in_cell": lazy_gettext("“%(text)s” stands here twice."),
    "whole_number_not_read": lazy_gettext("“%(text)s” is no whole number."),
    "yes_or_no_not_read": lazy_gettext("“%(text)s” is neither yes nor no."),
}
STAYED = {
    "undo_cell_has_changed": lazy_gettext("was changed since, and stays."),
    "undo_row_has_changed": lazy_gettext("was edited since it was added, and stays."),
    "undo_row_is_gone": lazy_gettext("is not there any more."),
    "undo_row_is_used": lazy_gettext("is in use meanwhile, and stays."),
}


def fault_sentence(fault: Fault) -> str:
    """What is wrong with a cell, in the same words wherever it was found."""
    if fault.code in CELL_FAULTS:
        return cell_sentence(FileFault(fault.code, str(fault.params.get("shown", ""))))
    if fault.code in FAULTS:
        return str(FAULTS[fault.code]) % dict(fault.params)
    if fault.code in wording.SCHEMA:
        return wording.schema_sentence(fault.code, dict(fault.params))
    return wording.refusal_sentence(_Refusal(fault))


def stayed_sentence(code: str) -> str:
    """Why something stays when an import is undone."""
    return str(STAYED[code])


class _Refusal:
    """A fault as a refusal, which has the words."""

    def __init__(self, fault: Fault) -> None:
        self.code = fault.code
        self.field: str | None = fault.column
        self.params: dict[str, Any] = dict(fault.params)
