"""How a page asks for a scorecard: each criterion with the words for each score, and what was seen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField
from wtforms.fields import DecimalField, RadioField, SelectChoice  # type: ignore[attr-defined]

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.schemas.hiring_scorecards import AgreedSaid, ScorecardSaid


class RatingRow(RowForm):
    """One criterion. The page gives it its choices (`offer`); nothing chosen is nothing seen."""

    key = HiddenField()
    kind = HiddenField()
    score = RadioField(_("Score"), choices=[], validate_choice=False)
    evidence = TextAreaField(_("What was seen or heard"))

    def offer(self, choices: list[tuple[float, str]]) -> None:
        """The scores, each in words."""
        none = SelectChoice("", str(_("not seen")))
        self.score.choices = [
            none,
            *(
                SelectChoice(f"{score:g}", f"{score:g} · {words}" if words else f"{score:g}")
                for score, words in choices
            ),
        ]


class ScorecardForm(AskingForm):
    """One rater's view of a candidate."""

    schema = ScorecardSaid
    ratings = Rows(RatingRow)
    note = TextAreaField(_("In all"), description=_("Only what matters for the work. Candidates may ask to read it."))
    is_submitted = HiddenField()

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        said["ratings"] = [row for row in said.get("ratings", []) if row.get("score") not in (None, "")]
        return said


class AgreedRow(RowForm):
    """One criterion, and the score that goes into the profile; empty leaves the profile as it is."""

    key = HiddenField()
    kind = HiddenField()
    score = DecimalField(_("Agreed"), places=1)


class AgreedForm(AskingForm):
    """What raters agree on."""

    schema = AgreedSaid
    scores = Rows(AgreedRow)

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        return {"scores": [row for row in said.get("scores", []) if row.get("score") is not None]}
