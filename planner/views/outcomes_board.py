"""The board of feedback and ideas: what came in, what is made of it, and what became of each."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import ngettext

from planner import access, db
from planner.forms.outcomes_ideas import CardsForm
from planner.models import Feedback, Idea
from planner.schemas.outcomes_ideas import CardsMoved
from planner.services.outcomes import board as verbs
from planner.views.door import Answer, actor, acts, query, save
from planner.views.outcomes_feedback import choices

pages = Blueprint("outcomes_board", __name__, url_prefix="/voices")
NEW_ON_FEEDBACK = "closed"  # the columns that want a reason, of each kind of card
DECIDED_ON_IDEAS = "taken done closed"


@pages.get("")
@acts("feedback.see")
def voice_board() -> Answer:
    return _shown(CardsForm(formdata=None))


@pages.route("/move", methods=["GET", "POST"])
@acts("feedback.edit")
def voice_move() -> Answer:
    back = replace(query(), path=url_for(".voice_board")).href()
    if request.method != "POST":
        return redirect(back)
    form = CardsForm()
    num = 1 if form.one.data else len(form.cards.data or ())
    return save(
        form,
        lambda: _moved(form.said),
        page=lambda: _shown(form),
        then=lambda moved: back if len(moved) > 1 else f"{back}#{_anchor(moved[0])}",  # the focus stays with the card
        told=ngettext("%(num)s card was moved.", "%(num)s cards were moved.", num),
    )


def _moved(said: CardsMoved) -> list[Feedback | Idea]:
    """Moves cards, each of which one must be allowed to move."""
    session, user = db.session(), actor()
    for card in said.cards:
        action = "feedback.edit" if card.kind == "feedback" else "idea.decide"
        access.require(user, action, verbs.row_of(session, card.kind, card.id))
    return verbs.move(session, said, by=user)


def _anchor(row: Feedback | Idea) -> str:
    return f"card-{'feedback' if isinstance(row, Feedback) else 'idea'}-{row.id}"


def _shown(form: CardsForm) -> str:
    user, asked = actor(), query()
    board = verbs.board(db.session(), asked, by=user)
    movable = {
        card.key
        for column in board.columns
        for card in column.cards
        if access.allowed(user, "feedback.edit" if card.kind == "feedback" else "idea.decide", card.row)
    }
    said = form.payload().get("cards", []) if form.is_submitted() else []
    return render_template(
        "outcomes/voice_board.html",
        board=board,
        query=asked,
        move_href=replace(asked, path=url_for(".voice_move")).href(),
        form=form,
        ticked={f"{one['kind']}-{one['id']}:{one['version']}" for one in said},
        movable=movable,
        wants={"feedback": NEW_ON_FEEDBACK, "idea": DECIDED_ON_IDEAS},
        **choices(),
        may_add=access.allowed(user, "feedback.add"),
    )
