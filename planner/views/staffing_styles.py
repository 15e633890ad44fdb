"""Pages of the work styles: which are used, and what they mean."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.staffing_styles import StyleForm
from planner.models import WorkStyle
from planner.services import catalogue
from planner.services.staffing import styles as verbs
from planner.views.door import Answer, actor, acts, query, save

pages = Blueprint("staffing_styles", __name__, url_prefix="/styles")


@pages.get("")
@acts("style.see")
def style_list() -> Answer:
    session = db.session()
    asked = query()
    page = verbs.page_of_styles(session, asked)
    return render_template(
        "staffing/style_list.html",
        page=page,
        uses=verbs.uses_of(session, list(page.items)),
        num=verbs.num_styles(session),
        num_on=len(verbs.styles_on(session)),
        attribution=catalogue.ATTRIBUTION,
        can_edit=access.allowed(actor(), "style.edit"),
    )


@pages.route("/<int:style_id>/edit", methods=["GET", "POST"])
@acts("style.edit", WorkStyle)
def style_edit(style: WorkStyle) -> Answer:
    form = StyleForm(obj=style)
    return save(
        form,
        lambda: verbs.edit_style(db.session(), style, form.said, form.read_version),
        page=lambda: render_template(
            "staffing/style_edit.html", form=form, style=style, uses=verbs.uses_of(db.session(), [style])[style.id]
        ),
        then=lambda _style: url_for(".style_list"),
        told=_("The work style was saved."),
    )
