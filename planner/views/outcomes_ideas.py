"""Pages of ideas: the list, one with its votes, what was decided and what became of it, and its forms."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.exchange.difference_csv import difference_csv
from planner.formats import label
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.outcomes_ideas import DecideForm, IdeaForm, OutcomeForm
from planner.forms.outcomes_words import IDEA_STATE_WORDS
from planner.models import Idea
from planner.services.outcomes import ideas as verbs
from planner.views.door import Answer, actor, acts, confirm_removal, no_store, query, remove_row, save
from planner.views.outcomes_feedback import choices
from planner.views.outcomes_idea_places import outcome_place
from planner.words import outcomes_voices as voice_words

pages = Blueprint("outcomes_ideas", __name__, url_prefix="/ideas")
MOST_EXPORTED = 50_000

pages.app_template_filter("outcome_place")(outcome_place)


@pages.get("")
@acts("idea.see")
def idea_list() -> Answer:
    session, user = db.session(), actor()
    page = verbs.page_of_ideas(session, query())
    known = choices()
    return render_template(
        "outcomes/idea_list.html",
        page=page,
        csv_href=replace(query(), path=url_for(".idea_download")).href(),
        asked=query().href().partition("?")[2],
        votes=verbs.votes_of(session, page.items, user),
        projects=known["projects"] if access.allowed(user, "project.see") else [],
        skills=known["skills"],
        styles=known["styles"],
        states=[(str(state), str(words)) for state, words in IDEA_STATE_WORDS],
    )


@pages.get("/ideas.csv")
@acts("idea.see")
def idea_download() -> Answer:
    session = db.session()
    found = verbs.all_ideas(session, query(), MOST_EXPORTED)
    votes = verbs.votes_of(session, found, actor())
    titles = [_("Idea"), _("What would be different"), _("Votes"), _("State"), _("Reason"), _("Decided by"),
              _("Project"), _("Skill"), _("Work style"), _("Whose"), _("Since"), _("What became of it")]  # fmt: skip
    rows: list[list[str | int]] = [
        [
            idea.title,
            idea.text,
            votes[idea.id].num,
            voice_words.idea_state(idea.state),
            idea.state_reason,
            idea.state_by if idea.state.is_decided else "",
            idea.project.name if idea.project else "",
            label(idea.skill) if idea.skill else "",
            label(idea.style) if idea.style else "",
            idea.by_name,
            str(idea.created_at.date()),
            "; ".join(f"{voice_words.outcome_kind(one.kind)}: {one.text}" for one in idea.outcomes),
        ]
        for idea in found
    ]
    answer = Response(difference_csv(titles, rows), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="ideas.csv")
    return no_store(answer)


@pages.route("/add", methods=["GET", "POST"])
@acts("idea.add")
def idea_add() -> Answer:
    _offer_about()
    asked = {f"{name}_id": request.args.get(name, type=int) for name in ("project", "skill", "style")}
    form = IdeaForm(data=asked if request.method != "POST" else None)
    return save(
        form,
        lambda: verbs.add_idea(db.session(), form.said, by=actor()),
        page=lambda: _page(form, None),
        then=_href,
        told=_("Your idea is here. Others can vote for it, and somebody decides."),
    )


@pages.get("/<int:idea_id>")
@acts("idea.see", Idea)
def idea_show(idea: Idea) -> Answer:
    return _shown(idea)


@pages.route("/<int:idea_id>/edit", methods=["GET", "POST"])
@acts("idea.edit", Idea)
def idea_edit(idea: Idea) -> Answer:
    _offer_about()
    form = IdeaForm(obj=idea)
    return save(
        form,
        lambda: verbs.edit_idea(db.session(), idea, form.said, form.read_version),
        page=lambda: _page(form, idea),
        then=_href,
        told=_("The idea was saved."),
    )


@pages.route("/<int:idea_id>/remove", methods=["GET", "POST"])
@acts("idea.remove", Idea)
def idea_remove(idea: Idea) -> Answer:
    if request.method == "POST":
        return remove_row(idea, title=idea.title, then=url_for(".idea_list"))
    text = _("Its votes, and what is written of what became of it, go with it.")
    return confirm_removal(idea.title, text, _href(idea))


@pages.post("/<int:idea_id>/vote")
@acts("idea.vote", Idea)
def idea_vote(idea: Idea) -> Answer:
    """Says that it is good, or takes that back."""
    if request.form.get("is_mine") == "false":
        verbs.take_back(db.session(), idea, by=actor())
    else:
        verbs.vote(db.session(), idea, by=actor())
    db.session().commit()
    if request.form.get("back") == "list":
        return redirect(f"{replace(query(), path=url_for('.idea_list')).href()}#idea-{idea.id}", 303)
    return redirect(_href(idea), 303)


@pages.route("/<int:idea_id>/decide", methods=["GET", "POST"])
@acts("idea.decide", Idea)
def idea_decide(idea: Idea) -> Answer:
    if request.method != "POST":
        return redirect(_href(idea))
    form = DecideForm()
    return save(
        form,
        lambda: verbs.decide(db.session(), idea, form.said, form.read_version, by=actor()),
        page=lambda: _shown(idea, decide=form),
        then=_href,
        told=_("What you decided stands, with your name and your reason."),
    )


@pages.route("/<int:idea_id>/outcomes/add", methods=["GET", "POST"])
@acts("idea.decide", Idea)
def outcome_add(idea: Idea) -> Answer:
    if request.method != "POST":
        return redirect(_href(idea))
    form = OutcomeForm()
    return save(
        form,
        lambda: verbs.note_outcome(db.session(), idea, form.said, by=actor()),
        page=lambda: _shown(idea, outcome=form),
        then=lambda _outcome: _href(idea),
        told=_("What became of it was written down."),
    )


def _shown(idea: Idea, *, decide: DecideForm | None = None, outcome: OutcomeForm | None = None) -> str:
    session, user = db.session(), actor()
    may_decide = access.allowed(user, "idea.decide", idea)
    if may_decide:
        offer(needs=verbs.needs_to_name(session, idea))
    return render_template(
        "outcomes/idea_show.html",
        idea=idea,
        votes=verbs.votes_of(session, [idea], user)[idea.id],
        decide=decide or DecideForm(formdata=None, obj=idea),
        outcome=outcome or OutcomeForm(formdata=None),
        may_decide=may_decide,
        may_edit=access.allowed(user, "idea.edit", idea) and not idea.state.is_decided,
        may_remove=access.allowed(user, "idea.remove", idea),
        sees_staff=access.allowed(user, "feedback.see"),
    )


def _page(form: AskingForm, idea: Idea | None) -> str:
    return render_template("outcomes/idea_edit.html", form=form, idea=idea)


def _offer_about() -> None:
    """What an idea may be about; whoever sees no projects names none."""
    known = choices()
    sees_projects = access.allowed(actor(), "project.see")
    offer(
        projects=known["projects"] if sees_projects else [],
        skills=known["skills"],
        styles=known["styles"],
    )


def _href(idea: Idea) -> str:
    return url_for(".idea_show", idea_id=idea.id)
