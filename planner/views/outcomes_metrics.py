"""Pages of metrics: the list, one series with its picture and its table, and the forms behind them."""

from __future__ import annotations

import io
from typing import Any

import defusedcsv.csv as safe_csv
from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.outcomes_metrics import KINDS, POINT_FORMS, SUBJECTS, MetricForm
from planner.models import Metric, MetricPoint, Project
from planner.services.outcomes import metrics as verbs
from planner.services.outcomes.metrics import Series
from planner.services.staffing.projects import id_in
from planner.views.door import Answer, actor, acts, confirm_removal, no_store, query, remove_row, save
from planner.views.outcomes_charts import chart_of
from planner.words import outcomes_metrics as metric_words

pages = Blueprint("outcomes_metrics", __name__, url_prefix="/metrics")
MOST_OF_PROJECT = 6


def init_app(app: Flask) -> None:
    """Lets the page of a project show what is measured of it, and gives all pages the words of outcomes."""
    app.jinja_env.globals.update(measured_of=measured_of)
    for name in (
        "asked_in_words",
        "compared_sentence",
        "counted_in_words",
        "criterion_name",
        "difference_in_words",
        "evidence_sentence",
        "kind_of_metric",
        "line_sentence",
        "method_in_words",
        "outcome_name",
        "p_in_words",
        "percent",
        "planned_in_words",
        "proposal_sentence",
        "result_sentence",
        "with_sign",
        "state_of_experiment",
        "state_of_proposal",
        "subject_in_words",
        "trend_sentence",
        "value_in_words",
        "verdict_in_words",
    ):
        app.jinja_env.filters[name] = getattr(metric_words, name)


def measured_of(project: Project) -> list[Series]:
    """The metrics of a project, for its page."""
    return verbs.metrics_of(db.session(), project)[:MOST_OF_PROJECT]


@pages.get("")
@acts("metric.see")
def metric_list() -> Answer:
    session = db.session()
    page = verbs.page_of_metrics(session, query())
    projects, _phases = verbs.places(session)
    return render_template(
        "outcomes/metric_list.html",
        page=page,
        series=verbs.series_of(session, page.items),
        projects=projects,
        subjects=SUBJECTS,
        kinds=KINDS,
        can_add=access.allowed(actor(), "metric.add"),
    )


@pages.get("/<int:metric_id>")
@acts("metric.see", Metric)
def metric_show(metric: Metric) -> Answer:
    found = verbs.series(metric, metric.points)
    return render_template(
        "outcomes/metric_show.html",
        metric=metric,
        series=found,
        chart=chart_of(found),
        least=metric_words.least_tries(),
        can_edit=access.allowed(actor(), "metric.edit", metric),
        can_remove=access.allowed(actor(), "metric.remove", metric),
    )


@pages.get("/<int:metric_id>/points.csv")
@acts("metric.see", Metric)
def metric_download(metric: Metric) -> Answer:
    return csv_file(f"metric-{metric.id}", _rows(verbs.series(metric, metric.points)))


@pages.route("/add", methods=["GET", "POST"])
@acts("metric.add")
def metric_add() -> Answer:
    offer_places()
    form = MetricForm(data={"project_id": id_in(request.args.get("project", ""))})
    return save(
        form,
        lambda: verbs.add_metric(db.session(), form.said),
        page=lambda: render_template("outcomes/metric_edit.html", form=form, metric=None),
        then=lambda metric: url_for(".metric_show", metric_id=metric.id),
        told=_("The metric was added. Say what was measured, or bring it by a sheet."),
    )


@pages.route("/<int:metric_id>/edit", methods=["GET", "POST"])
@acts("metric.edit", Metric)
def metric_edit(metric: Metric) -> Answer:
    offer_places()
    form = MetricForm(obj=metric)
    return save(
        form,
        lambda: verbs.edit_metric(db.session(), metric, form.said, form.read_version),
        page=lambda: render_template("outcomes/metric_edit.html", form=form, metric=metric),
        then=lambda metric: url_for(".metric_show", metric_id=metric.id),
        told=_("The metric was saved."),
    )


@pages.route("/<int:metric_id>/remove", methods=["GET", "POST"])
@acts("metric.remove", Metric)
def metric_remove(metric: Metric) -> Answer:
    if request.method == "POST":
        return remove_row(metric, title=metric.name, then=url_for(".metric_list"))
    num = verbs.num_points(db.session(), [metric])[metric.id]
    text = ngettext("With it goes %(num)s measurement.", "With it go %(num)s measurements.", num)
    return confirm_removal(metric.name, text, url_for(".metric_show", metric_id=metric.id))


@pages.route("/<int:metric_id>/points/add", methods=["GET", "POST"])
@acts("point.add", Metric, of="metric.edit")
def point_add(metric: Metric) -> Answer:
    form = POINT_FORMS[metric.kind]()
    return save(
        form,
        lambda: verbs.add_point(db.session(), metric, form.said),
        page=lambda: _point_page(form, metric, None),
        then=lambda _point: url_for(".metric_show", metric_id=metric.id),
        told=_("The measurement was added."),
    )


@pages.route("/points/<int:point_id>/edit", methods=["GET", "POST"])
@acts("point.edit", MetricPoint, of="metric.edit")
def point_edit(point: MetricPoint) -> Answer:
    form = POINT_FORMS[point.metric.kind](obj=point)
    return save(
        form,
        lambda: verbs.edit_point(db.session(), point, form.said, form.read_version),
        page=lambda: _point_page(form, point.metric, point),
        then=lambda point: url_for(".metric_show", metric_id=point.metric_id),
        told=_("The measurement was saved."),
    )


@pages.route("/points/<int:point_id>/remove", methods=["GET", "POST"])
@acts("point.remove", MetricPoint, of="metric.edit")
def point_remove(point: MetricPoint) -> Answer:
    back = url_for(".metric_show", metric_id=point.metric_id)
    title = _("%(metric)s of %(day)s", metric=point.metric.name, day=point.measured_on.isoformat())
    if request.method == "POST":
        return remove_row(point, title=title, then=back)
    return confirm_removal(title, _("The series goes on without this day."), back)


def offer_places() -> None:
    """Offers the projects and phases that something may be measured of."""
    projects, phases = verbs.places(db.session())
    offer(projects=projects, phases=phases)


def csv_file(name: str, rows: list[list[Any]]) -> Response:
    """Rows as a CSV that no spreadsheet runs anything of."""
    text = io.StringIO(newline="")
    writer = safe_csv.writer(text)
    for row in rows:
        writer.writerow(row)
    answer = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return no_store(answer)


def _rows(series: Series) -> list[list[Any]]:
    heads = [_("Day"), _("Successes"), _("In all"), _("Value"), _("Of how many"), _("Standard deviation"), _("Low"),
             _("High")]  # fmt: skip
    points = [
        [one.point.measured_on.isoformat(), _cell(one.point.successes), _cell(one.point.trials), _cell(one.value),
         _cell(one.point.num), _cell(one.point.spread), _cell(one.low), _cell(one.high)]
        for one in series.points
    ]  # fmt: skip
    return [[series.metric.name, series.metric.unit], heads, *points]


def _cell(value: float | None) -> float | str:
    return "" if value is None else value


def _point_page(form: AskingForm, metric: Metric, point: MetricPoint | None) -> str:
    return render_template("outcomes/point_edit.html", form=form, metric=metric, point=point)
