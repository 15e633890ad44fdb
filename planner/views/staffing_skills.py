"""Pages of the skill catalogue."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from planner import db
from planner.forms.staffing_skills import SkillForm
from planner.models import Skill
from planner.services.staffing import skills as verbs
from planner.views.door import Answer, acts, confirm_removal, query, remove_row, save

pages = Blueprint("staffing_skills", __name__, url_prefix="/skills")


@pages.get("")
@acts("skill.see")
def skill_list() -> Answer:
    page = verbs.page_of_skills(db.session(), query())
    uses = verbs.uses_of(db.session(), list(page.items))
    return render_template("staffing/skill_list.html", page=page, uses=uses, categories=verbs.categories(db.session()))


@pages.route("/add", methods=["GET", "POST"])
@acts("skill.add")
def skill_add() -> Answer:
    form = SkillForm()
    return save(
        form,
        lambda: verbs.add_skill(db.session(), form.said),
        page=lambda: _page(form, None),
        then=lambda _skill: url_for(".skill_list"),
        told=_("The skill was added."),
    )


@pages.route("/<int:skill_id>/edit", methods=["GET", "POST"])
@acts("skill.edit", Skill)
def skill_edit(skill: Skill) -> Answer:
    form = SkillForm(obj=skill)
    return save(
        form,
        lambda: verbs.edit_skill(db.session(), skill, form.said, form.read_version),
        page=lambda: _page(form, skill),
        then=lambda _skill: url_for(".skill_list"),
        told=_("The skill was saved."),
    )


@pages.route("/<int:skill_id>/remove", methods=["GET", "POST"])
@acts("skill.remove", Skill)
def skill_remove(skill: Skill) -> Answer:
    if request.method == "POST":
        return remove_row(skill, title=skill.name, then=url_for(".skill_list"))
    held, _asked = verbs.uses_of(db.session(), [skill])[skill.id]
    return confirm_removal(skill.name, _("%(n)s people hold it.", n=held), url_for(".skill_list"))


@pages.get("/near-duplicates")
@acts("skill.see")
def skill_near_duplicates() -> Answer:
    name = request.args.get("name", "")
    but = request.args.get("but", type=int)
    near = verbs.near_duplicates(db.session(), name, but=but) if name.strip() else []
    return render_template("staffing/_near_duplicates.html", near=near)


def _page(form: SkillForm, skill: Skill | None) -> str:
    near = verbs.near_duplicates(db.session(), form.name.data or "", but=skill.id if skill else None)
    return render_template("staffing/skill_edit.html", form=form, skill=skill, near=near)
