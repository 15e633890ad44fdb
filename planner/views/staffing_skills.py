"""Pages of the skill catalogue."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from planner import access, db
from planner.formats import label
from planner.forms.staffing_skills import SkillForm
from planner.models import Skill
from planner.services import catalogue
from planner.services.staffing import skills as verbs
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save

pages = Blueprint("staffing_skills", __name__, url_prefix="/skills")


@pages.get("")
@acts("skill.see")
def skill_list() -> Answer:
    session = db.session()
    page = verbs.page_of_skills(session, query())
    user = actor()
    return render_template(
        "staffing/skill_list.html",
        page=page,
        uses=verbs.uses_of(session, list(page.items)),
        categories=[(name, category_in_words(name)) for name in verbs.categories(session)],
        num=verbs.num_skills(session),
        num_scarce=verbs.num_scarce(session),
        can={verb: access.allowed(user, f"skill.{verb}") for verb in ("add", "edit", "remove")},
        sees_people=access.reaches_any(user, "person.see"),
    )


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
    held, asked = verbs.uses_of(db.session(), [skill])[skill.id]
    people = ngettext("%(num)s person holds it, and loses it.", "%(num)s people hold it, and lose it.", held)
    needs = ngettext(
        "%(num)s role need asks for it, so that it cannot be removed before.",
        "%(num)s role needs ask for it, so that it cannot be removed before.",
        asked,
    )
    return confirm_removal(label(skill), needs if asked else people, url_for(".skill_list"))


@pages.get("/near-duplicates")
@acts("skill.see")
def skill_near_duplicates() -> Answer:
    name = request.args.get("name", "")
    but = request.args.get("but", type=int)
    near = verbs.near_duplicates(db.session(), name, but=but) if name.strip() else []
    return render_template("staffing/_near_duplicates.html", near=near)


def category_in_words(name: str) -> str:
    """A category of the catalogue in the reader's language; one that was written here as it was written."""
    is_french = str(get_locale() or "en").startswith("fr")
    return catalogue.categories_in_french().get(name, name) if is_french else name


pages.app_template_filter("category_in_words")(category_in_words)


def _page(form: SkillForm, skill: Skill | None) -> str:
    near = verbs.near_duplicates(db.session(), form.name.data or "", but=skill.id if skill else None)
    return render_template(
        "staffing/skill_edit.html", form=form, skill=skill, near=near, categories=verbs.categories(db.session())
    )
