"""People and hiring in words: kinds, stages, sources of a rating, absences, wishes; the same wherever they stand."""

from __future__ import annotations

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _

from planner.models import AbsenceKind, PersonKind, RatingSource, RequisitionState, Stage

WISH_WORDS = (-100, -50, 0, 50, 100)  # the five values that have a word of their own


def kind_words() -> dict[PersonKind, str]:
    """How a person stands to the company."""
    return {
        PersonKind.EMPLOYEE: _("employee"),
        PersonKind.CONTRACTOR: _("contractor"),
        PersonKind.CANDIDATE: _("candidate"),
        PersonKind.HYPOTHETICAL: _("hypothetical"),
    }


def source_words() -> dict[RatingSource, str]:
    """Where a rating comes from."""
    return {
        RatingSource.MANAGER: _("manager"),
        RatingSource.PEER: _("colleague"),
        RatingSource.INTERVIEW: _("interview"),
        RatingSource.TEST: _("test or work sample"),
        RatingSource.CERTIFICATE: _("certificate"),
        RatingSource.CV: _("CV"),
        RatingSource.SELF: _("self-reported"),
        RatingSource.IMPORT: _("imported"),
    }


def absence_words() -> dict[AbsenceKind, str]:
    """Why a person is away, as far as planning must know."""
    return {AbsenceKind.LEAVE: _("leave"), AbsenceKind.TRAINING: _("training"), AbsenceKind.OTHER: _("away")}


def stage_words() -> dict[Stage, str]:
    """Where a candidate stands."""
    return {
        Stage.NEW: _("new"),
        Stage.SCREENING: _("screening"),
        Stage.INTERVIEW: _("interview"),
        Stage.OFFER: _("offer"),
        Stage.HIRED: _("hired"),
        Stage.DECLINED: _("declined"),
        Stage.WITHDRAWN: _("withdrawn"),
    }


def state_words() -> dict[RequisitionState, str]:
    """How far a requisition has come."""
    return {
        RequisitionState.DRAFT: _("draft"),
        RequisitionState.OPEN: _("open"),
        RequisitionState.FILLED: _("filled"),
        RequisitionState.CLOSED: _("closed"),
    }


def source_in_words(source: RatingSource) -> str:
    """A rating's source."""
    return source_words()[source]


def absence_in_words(kind: AbsenceKind) -> str:
    """An absence's kind."""
    return absence_words()[kind]


def stage_in_words(stage: Stage) -> str:
    """A candidate's stage."""
    return stage_words()[stage]


def wish_in_words(wish: int) -> str:
    """The nearest of five words for a wish from -100 to 100."""
    nearest = min(WISH_WORDS, key=lambda known: abs(known - wish))
    return {
        -100: _("does not want"),
        -50: _("would rather not"),
        0: _("does not mind"),
        50: _("would like to"),
        100: _("wants very much"),
    }[nearest]


def country_name(code: str) -> str:
    """A country's name in the reader's language; its code where it has none."""
    return str(Locale.parse(str(get_locale() or "en")).territories.get(code, code))


def currency_name(code: str) -> str:
    """A currency's code and name in the reader's language."""
    name = Locale.parse(str(get_locale() or "en")).currencies.get(code)
    return f"{code} – {name}" if name else code
