"""The API's feedback: what clients and users said, what became of it, and the links by which clients answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.api.routes import Resource, Rights
from planner.models import ClientLink, Feedback, Project
from planner.schemas.outcomes_feedback import (
    ClientLinkSaid,
    ClientLinkSeen,
    ClientLinksSeen,
    FeedbackSaid,
    FeedbackSeen,
    FeedbackStateSaid,
    MadeLinkSeen,
)
from planner.schemas.outcomes_ideas import IdeaSeen
from planner.services.outcomes import client_links
from planner.services.outcomes import feedback as verbs

TAG = _("Feedback")

FEEDBACK = Resource(
    "feedback",
    TAG,
    Feedback,
    Rights.of("feedback"),
    FeedbackSeen,
    FeedbackSaid,
    page=lambda session, query, _user: verbs.page_of_feedback(session, query),
    sorts=("said", "sentiment", "project", "state", "id"),
    filters={
        "project": _("Only that of a project, by its id; none for what was said in general."),
        "phase": _("Only that of a team, by the id of its phase."),
        "seat": _("Only that of a seat, by its id."),
        "skill": _("Only that of a skill, by its id."),
        "style": _("Only that of a work style, by its id."),
        "sentiment": _("Only that with a sentiment from 1 to 5; happy or unhappy for two of them."),
        "source": _("Only that which came in one way."),
        "state": _("Only that in a state."),
    },
    add=verbs.add_feedback,
    edit=lambda session, feedback, said, version, **_by: verbs.edit_feedback(session, feedback, said, version),
    removes=lambda _session, feedback: (feedback, verbs.shortened(feedback.text)),
    is_told_by=True,
)


def init(pages: Blueprint) -> None:
    """Registers what feedback has beside the five routes of a resource, and the links of clients."""
    pages.post("/feedback/<int:feedback_id>/state")(feedback_state)
    pages.post("/feedback/<int:feedback_id>/idea")(feedback_idea)
    pages.get("/projects/<int:project_id>/client_links")(client_link_list)
    pages.post("/projects/<int:project_id>/client_links")(client_link_add)
    pages.post("/client_links/<int:client_link_id>/end")(client_link_end)


@operation(
    "feedback.edit",
    Feedback,
    tag=TAG,
    summary=_("Feedback: say what became of it"),
    about=_("That nothing is done wants a reason."),
    takes=FeedbackStateSaid,
    gives=FeedbackSeen,
    is_versioned=True,
    can_be_refused=True,
)
def feedback_state(feedback: Feedback) -> Response:
    said, by, session = asking.said(FeedbackStateSaid), asking.actor(), db.session()

    def say(version: int) -> Any:
        return verbs.set_state(session, feedback, said, version, by=by)

    return edited(feedback, FeedbackSeen, say, said)


@operation(
    "feedback.edit",
    Feedback,
    tag=TAG,
    summary=_("Feedback: make it an idea"),
    about=_("The idea that it is already is found again."),
    gives=IdeaSeen,
    is_versioned=True,
    can_be_refused=True,
)
def feedback_idea(feedback: Feedback) -> Response:
    by, session = asking.actor(), db.session()

    def make(version: int) -> Any:
        return verbs.make_idea(session, feedback, version, by=by)

    return edited(feedback, FeedbackSeen, make, gives=IdeaSeen)


@operation("client_link.see", Project, tag=TAG, summary=_("Feedback: links for a client"), gives=ClientLinksSeen)
def client_link_list(project: Project) -> Response:
    return shown({"items": client_links.links_of(db.session(), project)}, ClientLinksSeen)


@operation(
    "client_link.add",
    Project,
    tag=TAG,
    summary=_("Feedback: make a link for a client"),
    about=_("Its address is in this answer and nowhere else."),
    takes=ClientLinkSaid,
    gives=MadeLinkSeen,
    status=201,
    can_be_refused=True,
)
def client_link_add(project: Project) -> Response:
    link, text = client_links.make_link(db.session(), project, asking.said(ClientLinkSaid), by=asking.actor())
    db.session().commit()
    url = url_for("outcomes_client.client_show", client_key=text, _external=True)
    return shown({**ClientLinkSeen.model_validate(link).model_dump(), "url": url}, MadeLinkSeen, 201)


@operation(
    "client_link.end",
    ClientLink,
    tag=TAG,
    summary=_("Feedback: end a link for a client"),
    gives=ClientLinkSeen,
    can_be_refused=True,
)
def client_link_end(link: ClientLink) -> Response:
    ended = client_links.end_link(db.session(), link)
    db.session().commit()
    return shown(ended, ClientLinkSeen)
