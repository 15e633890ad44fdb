"""Where what became of an idea is seen: the address of it, and what stands there, for whoever may see that."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from planner import access, db
from planner.models import CriterionProposal, IdeaOutcome, TeamTemplate
from planner.views.door import actor

VERSION = re.compile(r"version-([0-9]{1,9})")


class Place(NamedTuple):
    """An address that may be followed, empty where it leads nowhere any more; and what stands there, in words."""

    href: str
    words: str = ""


def outcome_place(outcome: IdeaOutcome) -> Place:
    """Where an outcome is seen, as far as the reader may go there."""
    path, _hash, anchor = outcome.address.partition("#")
    endpoint, values = _matched(path.partition("?")[0])
    if endpoint not in NAMED:
        return Place(outcome.address if endpoint else "")
    table, name, action, said = NAMED[endpoint]
    row = db.row_at(table, values[name])
    if row is None:
        return Place("", _("it is there no more"))
    return Place(outcome.address, said(row, anchor)) if access.allowed(actor(), action, row) else Place("")


def _matched(path: str) -> tuple[str, dict[str, Any]]:
    """The page of ours that a path leads to, and what it names; nothing where there is none."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return "", {}
    return endpoint, dict(values)


def _template(template: TeamTemplate, anchor: str) -> str:
    version = VERSION.fullmatch(anchor)
    if version is None:
        return _("team template %(name)s", name=template.name)
    return _("team template %(name)s, version %(number)s", name=template.name, number=version.group(1))


def _proposal(proposal: CriterionProposal, _anchor: str) -> str:
    return _("proposal for %(role)s", role=proposal.role_title) if proposal.role_title else _("proposal from outcomes")


# A page -> the table whose row it shows, what names it in the address, who may see it, and what it is in words.
NAMED: dict[str, tuple[type[Any], str, str, Callable[[Any, str], str]]] = {
    "outcomes_templates.template_show": (TeamTemplate, "template_id", "template.see", _template),
    "outcomes_templates.template_history": (TeamTemplate, "template_id", "template.see", _template),
    "outcomes_criteria.proposal_show": (CriterionProposal, "proposal_id", "proposal.see", _proposal),
}
