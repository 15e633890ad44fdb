"""Pages of the forecast: everybody's for whoever runs projects or the department, one's own for everybody."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner import db
from planner.models import ReportKind
from planner.services.outcomes.forecast_document import MOVES
from planner.services.outcomes.phrases import first_day, last_day
from planner.services.work.forecast import forecast
from planner.views import outcomes_shown
from planner.views.door import Answer, actor, acts

pages = Blueprint("work_forecast", __name__, url_prefix="/forecast")


@pages.get("")
@acts("forecast.see")
def forecast_show() -> Answer:
    return render_template(
        "work/forecast_show.html",
        document=outcomes_shown.document(ReportKind.FORECAST),
        kind=ReportKind.FORECAST,
        below=outcomes_shown.low_pct(),
        arguments=outcomes_shown.arguments(),
    )


@pages.get("/file")
@acts("forecast.see")
def forecast_file() -> Answer:
    return outcomes_shown.filed(ReportKind.FORECAST, ".forecast_show")


@pages.get("/mine")
@acts("own_forecast.see")
def own_forecast() -> Answer:
    """What lies ahead of the reader: their own weeks and seats, and nobody else's."""
    user = actor()
    found = forecast(db.session(), only=[user.person_id]) if user.person_id is not None else None
    line = found.lines[0] if found is not None and found.lines else None
    return render_template(
        "work/own_forecast.html",
        user=user,
        found=found,
        line=line,
        words={kind: str(word) for kind, word in MOVES.items()},
        first_day=first_day,
        last_day=last_day,
    )
