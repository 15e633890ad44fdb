"""What was measured, by sheet: a row for each metric and day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import access
from planner.models import Metric, MetricPoint, Project, User
from planner.schemas.outcomes_metrics import PointRowSaid, PointSaid
from planner.services.outcomes import metrics
from planner.services.refused import Refused
from planner.services.sheets.columns import Column, Reading
from planner.services.sheets.kinds.kind import Item, Present
from planner.services.sheets.kinds.pairs import OfPair
from planner.services.sheets.world import World

PAIR = ("metric_id", "measured_on")


class Measurements(OfPair):
    """Points of metrics, recognised by their id, or by their metric and day."""

    name, en, fr = "measurements", "Measurements", "Mesures"
    noun, action, see = "metric", "metric.import", "metric.see"
    model, schema = MetricPoint, PointRowSaid
    pair = PAIR
    columns = (
        Column("id", "Id", "Id", Reading.ID),
        Column("metric_id", "Metric", "Indicateur", Reading.REFERENCE, refers="metric", is_needed=True,
               aliases=("kpi", "measure", "series", "mesure", "série", "name", "nom")),
        Column("measured_on", "Day", "Jour", Reading.DAY, aliases=("date", "on", "week", "semaine", "measured on"),
               sample=("2026-11-02", "2026-11-09"), is_needed=True),
        Column("trials", "In all", "En tout", Reading.WHOLE, aliases=("trials", "visitors", "visits", "sent", "visites",
               "visiteurs", "essais", "envoyés", "impressions", "recipients", "total"), sample=(1200, 1310)),
        Column("successes", "Successes", "Succès", Reading.WHOLE, aliases=("conversions", "clicks", "opens", "orders",
               "clics", "ouvertures", "commandes", "converted"), sample=(48, 61)),
        Column("value", "Value", "Valeur", Reading.SCORE, aliases=("mean", "average", "moyenne", "number", "nombre",
               "score")),
        Column("num", "Of how many", "Sur combien", Reading.WHOLE, aliases=("n", "num", "answers", "réponses",
               "responses")),
        Column("spread", "Standard deviation", "Écart type", Reading.SCORE, aliases=("sd", "spread", "std", "stdev",
               "écart-type", "dispersion")),
    )  # fmt: skip

    def present(self, world: World) -> dict[int, Present]:
        """Every point, with the PM of its project as its owner."""
        names = list(PointRowSaid.model_fields)
        columns = (MetricPoint.id, MetricPoint.version, Metric.name, Project.pm_id)
        fields = [getattr(MetricPoint, name) for name in names]
        statement = select(*columns, *fields).join(MetricPoint.metric).join(Metric.project)
        found = {}
        for ident, version, name, pm_id, *values in world.session.execute(statement):
            said = dict(zip(names, values, strict=True))
            title = f"{name} {said['measured_on'].isoformat()}"
            found[ident] = Present(ident, version, title, said, str(ident), pm_id)
        return found

    def may_add(self, by: User, said: Any) -> bool:
        return access.allowed(by, "metric.edit")

    def may_edit(self, by: User, present: Present) -> bool:
        return self._may(by, "edit", present)

    def may_remove(self, by: User, present: Present) -> bool:
        return self._may(by, "edit", present)

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verbs that the pages use; a point stays in its metric."""
        said = PointSaid.model_validate({name: getattr(item.said, name) for name in PointSaid.model_fields})
        metric = session.get_one(Metric, item.said.metric_id)
        if not access.allowed(by, "metric.edit", metric):
            raise Refused("not_your_project", field="metric_id")
        if item.present is None:
            return metrics.add_point(session, metric, said)
        point = session.get_one(MetricPoint, item.id)
        if point.metric_id != metric.id:
            raise Refused("point_stays_in_its_metric", field="metric_id")
        return metrics.edit_point(session, point, said, item.present.version)
