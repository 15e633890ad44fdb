"""The values of objectives, feedback and ideas, each under its word, in the order in which pages offer them."""

from __future__ import annotations

from flask_babel import lazy_gettext, lazy_pgettext

from planner.models import FeedbackSource, FeedbackState, IdeaState, MeasureKind, ObjectiveState, OutcomeKind
from planner.schemas.outcomes_ideas import Lane

SENTIMENT_WORDS = (
    (5, lazy_gettext("very happy")),
    (4, lazy_gettext("happy")),
    (3, lazy_gettext("neither happy nor unhappy")),
    (2, lazy_gettext("unhappy")),
    (1, lazy_gettext("very unhappy")),
)
SOURCE_WORDS = (
    (FeedbackSource.MEETING, lazy_gettext("meeting")),
    (FeedbackSource.CALL, lazy_gettext("telephone call")),
    (FeedbackSource.MAIL, lazy_gettext("e-mail")),
    (FeedbackSource.SURVEY, lazy_gettext("survey")),
    (FeedbackSource.SUPPORT, lazy_gettext("support request")),
    (FeedbackSource.OTHER, lazy_gettext("otherwise")),
    (FeedbackSource.LINK, lazy_gettext("client’s own link")),
)
FEEDBACK_STATE_WORDS = (
    (FeedbackState.NEW, lazy_gettext("new")),
    (FeedbackState.LOOKED_AT, lazy_gettext("looked at")),
    (FeedbackState.IDEA, lazy_gettext("became an idea")),
    (FeedbackState.DONE, lazy_gettext("done")),
    (FeedbackState.NO_ACTION, lazy_gettext("no action")),
)
IDEA_STATE_WORDS = (
    (IdeaState.NEW, lazy_pgettext("idea", "new")),
    (IdeaState.CONSIDERED, lazy_pgettext("idea", "considered")),
    (IdeaState.ACCEPTED, lazy_pgettext("idea", "accepted")),
    (IdeaState.DECLINED, lazy_pgettext("idea", "declined")),
    (IdeaState.DONE, lazy_pgettext("idea", "done")),
)
LANE_WORDS = (
    (Lane.NEW, lazy_gettext("New")),
    (Lane.LOOKED_AT, lazy_gettext("Looked at")),
    (Lane.TAKEN, lazy_gettext("An idea, or accepted")),
    (Lane.DONE, lazy_gettext("Done")),
    (Lane.CLOSED, lazy_gettext("No action, or declined")),
)
OBJECTIVE_STATE_WORDS = (
    (ObjectiveState.OPEN, lazy_pgettext("objective", "open")),
    (ObjectiveState.REACHED, lazy_gettext("reached")),
    (ObjectiveState.MISSED, lazy_gettext("missed")),
    (ObjectiveState.DROPPED, lazy_gettext("dropped")),
)
MEASURE_WORDS = (
    (MeasureKind.COUNT, lazy_gettext("things that are counted")),
    (MeasureKind.PERCENT, lazy_gettext("percent")),
    (MeasureKind.NUMBER, lazy_gettext("any number, below zero too")),
)
OUTCOME_WORDS = (
    (OutcomeKind.TEMPLATE, lazy_gettext("changed a team template")),
    (OutcomeKind.CRITERION, lazy_gettext("changed a criterion")),
    (OutcomeKind.OTHER, lazy_gettext("changed something else")),
)
