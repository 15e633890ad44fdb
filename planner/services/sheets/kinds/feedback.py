"""Feedback by sheet: what clients and users said, a row for each time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import access
from planner.models import Feedback, FeedbackSource, Project, User
from planner.schemas.outcomes_feedback import FeedbackSaid
from planner.services.outcomes import feedback as verbs
from planner.services.sheets.columns import Column, Reading
from planner.services.sheets.kinds.kind import Item, Present
from planner.services.sheets.kinds.pairs import OfPair
from planner.services.sheets.world import World

SENTIMENT_WORDS = {
    "5": ("very happy", "très content", "very satisfied", "très satisfait", "excellent"),
    "4": ("happy", "content", "satisfied", "satisfait", "good", "bon"),
    "3": ("neither happy nor unhappy", "ni content ni mécontent", "neutral", "neutre"),
    "2": ("unhappy", "mécontent", "dissatisfied", "insatisfait", "poor", "mauvais"),
    "1": ("very unhappy", "très mécontent", "very dissatisfied", "très insatisfait", "very poor", "très mauvais"),
}
SOURCE_WORDS = {
    "meeting": ("meeting", "réunion"),
    "call": ("telephone call", "appel téléphonique", "call", "phone", "appel", "téléphone"),
    "mail": ("e-mail", "e-mail", "email", "mail", "courriel"),
    "survey": ("survey", "enquête", "questionnaire", "sondage"),
    "support": ("support request", "demande d’assistance", "support", "ticket", "assistance"),
    "other": ("otherwise", "autrement", "other", "autre"),
    "link": ("client’s own link", "lien du client"),
}
PAIR = ("text", "said_on", "said_by")  # what a row is known by where it has no id


class FeedbackRows(OfPair):
    """Feedback. What a client sent by a link leaves in the list, and stays as it is when the list comes back."""

    name, en, fr = "feedback", "Feedback", "Retours"
    noun, action, see = "feedback", "feedback.import", "feedback.see"
    model, schema = Feedback, FeedbackSaid
    pair = PAIR
    columns = (
        Column("id", "Id", "Id", Reading.ID),
        Column("text", "What they said", "Ce qui a été dit", aliases=("feedback", "comment", "text", "retour",
               "commentaire", "texte", "verbatim", "quote"), sample=("The first drafts came early.",
               "We waited long for an answer."), is_needed=True),
        Column("sentiment", "How they felt", "Ressenti", Reading.CHOICE, words=SENTIMENT_WORDS, aliases=("sentiment",
               "rating", "satisfaction", "score", "note", "1 to 5"), sample=("4", "2"), is_needed=True),
        Column("said_on", "When", "Date", Reading.DAY, aliases=("date", "day", "jour", "said on", "on"),
               sample=("2026-11-03", "2026-11-12"), is_needed=True),
        Column("said_by", "Who said it", "Qui l’a dit", aliases=("client", "name", "contact", "nom", "who", "qui"),
               sample=("Head of marketing", "")),
        Column("source", "It came by", "Canal", Reading.CHOICE, words=SOURCE_WORDS, aliases=("source", "channel",
               "canal", "origine"), sample=("meeting", "mail")),
        Column("project_id", "Project", "Projet", Reading.REFERENCE, refers="project", aliases=("project name",
               "nom du projet")),
        Column("phase_id", "Project: phase", "Projet : phase", Reading.REFERENCE, refers="phase", aliases=("phase",
               "team", "équipe")),
        Column("skill_id", "Skill", "Compétence", Reading.REFERENCE, refers="skill", aliases=("skill name",)),
        Column("style_id", "Work style", "Style de travail", Reading.REFERENCE, refers="style", aliases=("style",)),
    )  # fmt: skip

    def present(self, world: World) -> dict[int, Present]:
        """All feedback; whose project it is, is whose it is."""
        names = list(FeedbackSaid.model_fields)
        columns: list[Any] = [Feedback.id, Feedback.version, Feedback.by_id, Project.pm_id]
        columns += [getattr(Feedback, name) for name in names]
        found = {}
        statement = select(*columns).outerjoin(Project, Project.id == Feedback.project_id)
        for ident, version, by_id, pm_id, *values in world.session.execute(statement):
            said = dict(zip(names, values, strict=True))
            owner_id = pm_id if said["project_id"] is not None else by_id
            found[ident] = Present(ident, version, verbs.shortened(said["text"]), said, str(ident), owner_id)
        return found

    def value(self, present: Present, column: Column) -> Any:
        return str(present.said["sentiment"]) if column.name == "sentiment" else super().value(present, column)

    def may_edit(self, by: User, present: Present) -> bool:
        """A client's own words are edited on their page, where it is said what may be."""
        return present.said.get("source") is not FeedbackSource.LINK and super().may_edit(by, present)

    def may_add(self, by: User, said: Any) -> bool:
        return access.allowed(by, "feedback.add")

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verbs that the pages use."""
        if item.present is None:
            return verbs.add_feedback(session, item.said, by=by, is_told=False)
        feedback = session.get_one(Feedback, item.id)
        return verbs.edit_feedback(session, feedback, item.said, item.present.version)
