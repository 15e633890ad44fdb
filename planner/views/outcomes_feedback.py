"""Pages of feedback: the list, one with what became of it, its form, and the links by which clients answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.exchange.difference_csv import difference_csv
from planner.formats import label
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.outcomes_feedback import ClickForm, ClientLinkForm, FeedbackForm, FeedbackStateForm
from planner.forms.outcomes_words import FEEDBACK_STATE_WORDS, SENTIMENT_WORDS, SOURCE_WORDS
from planner.models import ClientLink, Feedback, FeedbackSource, Phase, Project, today
from planner.services.outcomes import client_links, said, waiting
from planner.services.outcomes import feedback as verbs
from planner.services.refused import Refused
from planner.services.staffing import needs, skills, styles
from planner.services.staffing.projects import id_in
from planner.views.door import Answer, actor, acts, confirm_removal, no_store, query, remove_row, save
from planner.wording import refusal_sentence
from planner.words import outcomes_voices as voice_words

pages = Blueprint("outcomes_feedback", __name__, url_prefix="/feedback")
MOST_EXPORTED = 50_000


def init_app(app: Flask) -> None:
    """Lets the pages of projects, teams, seats, skills and work styles show what clients say of them."""
    app.jinja_env.globals.update(
        said_of=said_of,
        said_of_key=said_of_key,
        said_of_phases=said_of_phases,
        said_of_criterion=said_of_criterion,
        voices_waiting=voices_waiting,
    )


def said_of(row: Any) -> said.SaidOf:
    """What clients say of a project, a team, a seat, a skill or a work style."""
    return said.said_of(db.session(), row)


def said_of_key(kind: str, key: str) -> said.SaidOf:
    """What clients say of a seat, or of the team of a phase, by its key."""
    return said.said_of_key(db.session(), kind, key) if _sees() else said.SaidOf()


def said_of_phases(project: Project) -> dict[int, said.SaidOf]:
    """What clients say of each team of a project."""
    return said.said_of_phases(db.session(), project) if _sees() else {}


def said_of_criterion(phase: Phase, kind: str, ident: Any) -> said.SaidOf | None:
    """What this client says of a skill or a work style that a role need asks for; all of them are read at once."""
    if "said_of_criteria" not in g:
        g.said_of_criteria = said.said_of_criteria(db.session(), phase.project) if _sees() else {}
    found: said.SaidOf | None = g.said_of_criteria.get((kind, id_in(str(ident or ""))))
    return found


def voices_waiting() -> waiting.VoicesWaiting:
    """What waits of feedback and objectives for whoever reads this page."""
    return waiting.waiting_for(db.session(), actor())


@pages.get("")
@acts("feedback.see")
def feedback_list() -> Answer:
    return render_template(
        "outcomes/feedback_list.html",
        page=verbs.page_of_feedback(db.session(), query()),
        csv_href=replace(query(), path=url_for(".feedback_download")).href(),
        **choices(),
        may_add=access.allowed(actor(), "feedback.add"),
    )


@pages.get("/feedback.csv")
@acts("feedback.see")
def feedback_download() -> Answer:
    found = verbs.all_feedback(db.session(), query(), MOST_EXPORTED)
    titles = [_("When"), _("Project"), _("Phase"), _("Seat"), _("Skill"), _("Work style"), _("What they said"),
              _("How they felt"), _("1 to 5"), _("It came by"), _("Who said it"), _("State"), _("Reason")]  # fmt: skip
    rows: list[list[str | int]] = [
        [
            str(one.said_on),
            one.project.name if one.project else "",
            one.phase.name if one.phase else "",
            one.seat.key if one.seat else "",
            label(one.skill) if one.skill else "",
            label(one.style) if one.style else "",
            one.text,
            voice_words.sentiment_in_words(one.sentiment),
            one.sentiment,
            voice_words.source_of_feedback(one.source),
            one.said_by,
            voice_words.feedback_state(one.state),
            one.state_reason,
        ]
        for one in found
    ]
    answer = Response(difference_csv(titles, rows), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="feedback.csv")
    return no_store(answer)


@pages.route("/add", methods=["GET", "POST"])
@acts("feedback.add")
def feedback_add() -> Answer:
    asked = {
        name: request.args.get(name.removesuffix("_id"), type=int)
        for name in ("project_id", "phase_id", "seat_id", "skill_id", "style_id")
    }
    _offer_places(request.form.get("project_id") or asked["project_id"])
    form = FeedbackForm(data={"said_on": today(), **asked} if request.method != "POST" else None)
    return save(
        form,
        lambda: verbs.add_feedback(db.session(), form.said, by=actor()),
        page=lambda: render_template("outcomes/feedback_edit.html", form=form, feedback=None),
        then=_href,
        told=_("What they said was written down."),
    )


@pages.get("/<int:feedback_id>")
@acts("feedback.see", Feedback)
def feedback_show(feedback: Feedback) -> Answer:
    return _shown(feedback)


@pages.route("/<int:feedback_id>/edit", methods=["GET", "POST"])
@acts("feedback.edit", Feedback)
def feedback_edit(feedback: Feedback) -> Answer:
    _offer_places(request.form.get("project_id", feedback.project_id), source=feedback.source)
    form = FeedbackForm(obj=feedback)
    return save(
        form,
        lambda: verbs.edit_feedback(db.session(), feedback, form.said, form.read_version),
        page=lambda: render_template("outcomes/feedback_edit.html", form=form, feedback=feedback),
        then=_href,
        told=_("The feedback was saved."),
    )


@pages.route("/<int:feedback_id>/remove", methods=["GET", "POST"])
@acts("feedback.remove", Feedback)
def feedback_remove(feedback: Feedback) -> Answer:
    title = verbs.shortened(feedback.text)
    if request.method == "POST":
        return remove_row(feedback, title=title, then=url_for(".feedback_list"))
    text = _("Ideas that came out of it stay. To keep it without doing anything, say “no action” and why.")
    return confirm_removal(title, text, _href(feedback))


@pages.route("/<int:feedback_id>/state", methods=["GET", "POST"])
@acts("feedback.edit", Feedback)
def feedback_state(feedback: Feedback) -> Answer:
    if request.method != "POST":
        return redirect(_href(feedback))
    form = FeedbackStateForm()
    return save(
        form,
        lambda: verbs.set_state(db.session(), feedback, form.said, form.read_version, by=actor()),
        page=lambda: _shown(feedback, state=form),
        then=_href,
        told=_("The feedback was saved."),
    )


@pages.route("/<int:feedback_id>/idea", methods=["GET", "POST"])
@acts("feedback.edit", Feedback)
def feedback_idea(feedback: Feedback) -> Answer:
    """One click: what they said becomes an idea, which everybody can read and vote for."""
    if request.method != "POST":
        return redirect(_href(feedback))
    form = ClickForm()
    return save(
        form,
        lambda: verbs.make_idea(db.session(), feedback, form.read_version, by=actor()),
        page=lambda: _shown(feedback, click=form),
        then=lambda idea: url_for("outcomes_ideas.idea_show", idea_id=idea.id),
        told=_("It is an idea now. Say in it what would be different."),
    )


@pages.route("/links/of-project/<int:project_id>", methods=["GET", "POST"])
@acts("client_link.add", Project)
def client_link_add(project: Project) -> Answer:
    """The links of a project, and the form of a new one. The address of a new link is shown once, at once."""
    form = ClientLinkForm(data={"until": None} if request.method != "POST" else None)
    offer(phases=verbs.phases_to_name(db.session(), project.id))
    if request.method != "POST":
        return _links_shown(project, form)
    if not form.validate():
        return _links_shown(project, form), 422
    try:
        link, text = client_links.make_link(db.session(), project, form.said, by=actor())
    except Refused as refused:
        db.session().rollback()
        form.refuse(refused)
        return _links_shown(project, form), 409
    db.session().commit()
    url = url_for("outcomes_client.client_show", client_key=text, _external=True)
    return render_template("outcomes/client_link_made.html", project=project, link=link, url=url)


@pages.post("/links/<int:client_link_id>/end")
@acts("client_link.end", ClientLink)
def client_link_end(link: ClientLink) -> Answer:
    back = url_for(".client_link_add", project_id=link.project_id)
    try:
        client_links.end_link(db.session(), link)
        db.session().commit()
        flash(_("Nobody comes in by this link any more."), "success")
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
    return redirect(back, 303)


def choices() -> dict[str, Any]:
    """What the filters of lists and of the board offer."""
    session = db.session()
    return {
        "projects": needs.project_names(session),
        "skills": [(skill.id, label(skill)) for skill in skills.all_skills(session)],
        "styles": [(style.id, label(style)) for style in styles.styles_on(session)],
        "sentiments": [
            ("happy", _("happy or very happy")),
            ("unhappy", _("unhappy or very unhappy")),
            *((value, str(words)) for value, words in SENTIMENT_WORDS),
        ],
        "sources": [(str(source), str(words)) for source, words in SOURCE_WORDS],
        "states": [(str(state), str(words)) for state, words in FEEDBACK_STATE_WORDS],
    }


def _sees() -> bool:
    """Whether whoever reads this page may read feedback."""
    return access.allowed(actor(), "feedback.see")


def _offer_places(project_id: Any, *, source: FeedbackSource | None = None) -> None:
    """The projects, and of the one that is chosen its phases and seats; skills and work styles."""
    session, known = db.session(), choices()
    ident = id_in(str(project_id or ""))
    offer(
        projects=known["projects"],
        phases=verbs.phases_to_name(session, ident),
        seats=verbs.seats_to_name(session, ident),
        skills=known["skills"],
        styles=known["styles"],
    )
    g.is_by_client = source is FeedbackSource.LINK


def _shown(feedback: Feedback, *, state: FeedbackStateForm | None = None, click: AskingForm | None = None) -> str:
    return render_template(
        "outcomes/feedback_show.html",
        feedback=feedback,
        ideas=verbs.ideas_of(db.session(), feedback),
        state=state or FeedbackStateForm(formdata=None, obj=feedback),
        click=click,
        may_edit=access.allowed(actor(), "feedback.edit", feedback),
        may_remove=access.allowed(actor(), "feedback.remove", feedback),
    )


def _links_shown(project: Project, form: ClientLinkForm) -> str:
    return render_template(
        "outcomes/client_link_add.html",
        project=project,
        form=form,
        links=client_links.links_of(db.session(), project),
        most=client_links.MOST_ANSWERS,
    )


def _href(feedback: Feedback) -> str:
    return url_for(".feedback_show", feedback_id=feedback.id)
