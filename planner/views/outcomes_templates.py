"""Pages of team templates: the list, one with its versions, what it asks for, why it changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from pydantic import ValidationError

from planner import access, db
from planner.formats import label
from planner.forms.asking import AskingForm
from planner.forms.outcomes_templates import TemplateForm, TemplateNeedForm, TemplateRuleForm, WhyForm
from planner.models import Idea, TeamTemplate, TemplateVersion
from planner.schemas.outcomes_templates import NAMING_PEOPLE, TemplateContent, TemplateSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.services.editing import require_version, touch
from planner.services.outcomes import template_applying
from planner.services.outcomes import template_changes as changes
from planner.services.outcomes import template_differences as differences
from planner.services.outcomes import templates as verbs
from planner.services.outcomes.ideas import is_taken
from planner.services.refused import Refused
from planner.services.staffing import criteria, projects
from planner.views.door import Answer, actor, acts, confirm_removal, found, query, remove_row, save
from planner.views.outcomes_templates_shown import rule_sentence_of, shown_needs, shown_rules
from planner.views.staffing_shown import asked_rule, offer_criteria, offer_rule
from planner.words import planning_scenarios as scenario_words
from planner.words.outcomes_templates import address_of, because_of, why_of_idea

pages = Blueprint("outcomes_templates", __name__, url_prefix="/templates")
LEAST_ASKED = 3.5  # of a work style that an idea is about, until somebody says otherwise

pages.app_template_filter("template_rule_words")(scenario_words.rule_words)


@pages.get("")
@acts("template.see")
def template_list() -> Answer:
    session = db.session()
    page = verbs.page_of_templates(session, query())
    return render_template(
        "outcomes/template_list.html",
        page=page,
        uses=verbs.num_uses(session, page.items),
        workspace=projects.workspace_of(session),
        can_add=access.allowed(actor(), "template.add"),
    )


@pages.route("/add", methods=["GET", "POST"])
@acts("template.add")
def template_add() -> Answer:
    form = TemplateForm()
    return save(
        form,
        lambda: verbs.add_template(db.session(), TemplateSaid.model_validate(form.said.model_dump()), by=actor()),
        page=lambda: _page("outcomes/template_edit.html", form, None),
        then=_href,
        told=_("The template was added. Say whom it asks for."),
    )


@pages.get("/<int:template_id>")
@acts("template.see", TeamTemplate)
def template_show(template: TeamTemplate) -> Answer:
    session = db.session()
    return render_template(
        "outcomes/template_show.html",
        template=template,
        needs=shown_needs(session, template.newest),
        rules=shown_rules(session, template.newest),
        num_uses=verbs.num_uses(session, [template])[template.id],
        workspace=projects.workspace_of(session),
        can_edit=access.allowed(actor(), "template.edit", template),
        can_remove=access.allowed(actor(), "template.remove", template),
    )


@pages.get("/<int:template_id>/history")
@acts("template.see", TeamTemplate)
def template_history(template: TeamTemplate) -> Answer:
    """What changed and why, version by version."""
    session = db.session()
    before: list[TemplateVersion | None] = [None, *template.versions[:-1]]
    told = [
        (version, differences.between(old, version), old.duration if old is not None else version.duration)
        for old, version in zip(before, template.versions, strict=True)
    ]
    return render_template(
        "outcomes/template_history.html",
        template=template,
        told=told[::-1],
        names=differences.names_of(session, template.versions, label),
        workspace=projects.workspace_of(session),
    )


@pages.route("/<int:template_id>/edit", methods=["GET", "POST"])
@acts("template.edit", TeamTemplate)
def template_edit(template: TeamTemplate) -> Answer:
    form = TemplateForm(
        obj=SimpleNamespace(
            name=template.name, purpose=template.purpose, duration=template.duration, version=template.version
        )
    )
    return save(
        form,
        lambda: verbs.edit_facts(db.session(), template, form.said, form.read_version, by=actor()),
        page=lambda: _page("outcomes/template_edit.html", form, template, idea=None),
        then=_href,
        told=_("The template was saved."),
    )


@pages.route("/<int:template_id>/remove", methods=["GET", "POST"])
@acts("template.remove", TeamTemplate)
def template_remove(template: TeamTemplate) -> Answer:
    if request.method == "POST":
        return remove_row(template, title=template.name, then=url_for(".template_list"))
    text = _("Its versions go with it. Role needs that came from it stay, and forget where they came from.")
    return confirm_removal(template.name, text, _href(template))


@pages.route("/<int:template_id>/needs/add", methods=["GET", "POST"])
@acts("template.edit", TeamTemplate)
def need_add(template: TeamTemplate) -> Answer:
    offer_criteria(_style_of_idea())
    form = TemplateNeedForm(data={"version": template.version})
    return _changed(
        template,
        form,
        lambda: changes.with_need(template, form.said),
        page=lambda: _need_page(form, template, None),
        told=_("The role need was added to the template."),
    )


@pages.route("/<int:template_id>/needs/<need_item>/edit", methods=["GET", "POST"])
@acts("template.edit", TeamTemplate)
def need_edit(template: TeamTemplate, need_item: str) -> Answer:
    said = _at(changes.need_at, template, need_item)
    offer_criteria({band.style_id for band in said.styles} | _style_of_idea())
    form = TemplateNeedForm(obj=_as_row(said, template))
    return _changed(
        template,
        form,
        lambda: changes.with_need(template, form.said, need_item),
        page=lambda: _need_page(form, template, said),
        told=_("The role need of the template was saved. Needs that came from it stay as they are, and say so."),
    )


@pages.route("/<int:template_id>/rules/add", methods=["GET", "POST"])
@acts("template.edit", TeamTemplate)
def rule_add(template: TeamTemplate) -> Answer:
    kind, of = asked_rule()
    if kind is None or kind in NAMING_PEOPLE:
        href = partial(url_for, ".rule_add", template_id=template.id)
        return render_template("staffing/rule_kind.html", template=template, href=href)
    offer_rule(None)
    form = TemplateRuleForm(data={"rule": str(kind), "of": str(of) if of else "", "version": template.version})
    return _changed(
        template,
        form,
        lambda: changes.with_rule(template, form.said),
        page=lambda: _rule_page(form, template, ""),
        told=_("The team rule was added to the template."),
    )


@pages.route("/<int:template_id>/rules/<rule_item>/edit", methods=["GET", "POST"])
@acts("template.edit", TeamTemplate)
def rule_edit(template: TeamTemplate, rule_item: str) -> Answer:
    said = _at(changes.rule_at, template, rule_item)
    offer_rule(SimpleNamespace(style_id=said.style_id))  # type: ignore[arg-type]
    form = TemplateRuleForm(obj=_as_row(said, template))
    return _changed(
        template,
        form,
        lambda: changes.with_rule(template, form.said, rule_item),
        page=lambda: _rule_page(form, template, rule_sentence_of(db.session(), said, template.newest)),
        told=_("The team rule of the template was saved."),
    )


@pages.route("/<int:template_id>/items/<item>/remove", methods=["GET", "POST"])
@acts("template.edit", TeamTemplate)
def item_remove(template: TeamTemplate, item: str) -> Answer:
    said = found(one.said for one in changes.items(changes.content_of(template)) if one.item == item)
    title = said.title if isinstance(said, NeedSaid) else rule_sentence_of(db.session(), said, template.newest)
    form = WhyForm(data={"version": template.version})
    return _changed(
        template,
        form,
        lambda: changes.without(template, item),
        page=lambda: _page("outcomes/template_item_remove.html", form, template, item=item, item_title=title),
        told=_("The template asks for it no more. What came from it stays."),
    )


def _changed(
    template: TeamTemplate,
    form: AskingForm,
    change: Callable[[], TemplateContent],
    *,
    page: Callable[[], str],
    told: str,
) -> Answer:
    """A form that makes a new version of a template; one that was come to from an idea applies that."""
    idea = _asked_idea()
    if idea is not None and request.method != "POST":
        _prefill(form, idea)

    def verb() -> TeamTemplate:
        require_version(template, form.read_version)
        content = _judged(change)
        if idea is None and not verbs.differs(template, content):
            touch(db.session(), template)  # whoever has said the same meanwhile shows here
            return template
        try:
            _change(template, content, form.said, idea)
        except Refused as refused:  # what is said of the whole template, at the field of this one item
            raise changes.at_item(refused) from refused
        return template

    return save(form, verb, page=page, then=_href, told=told)


def _change(template: TeamTemplate, content: TemplateContent, said: Any, idea: Idea | None) -> None:
    session, by = db.session(), actor()
    if idea is not None:
        told = {"reason": said.reason, "because": because_of(idea)}
        template_applying.apply_idea(session, template, idea, content, by=by, address=address_of, **told)
    else:
        verbs.change_template(session, template, content, by=by, reason=said.reason, because=said.because)


def _asked_idea() -> Idea | None:
    """The accepted idea that the address names, from whose page somebody came.

    One that is taken back while the form is filled in is the verb's to refuse: what was typed stays.
    """
    ident = request.args.get("idea", type=int)
    if ident is None:
        return None
    idea = db.row_at(Idea, ident)
    if idea is None or not (is_taken(idea) or request.method == "POST"):
        raise access.Hidden("idea")
    return idea


def _style_of_idea() -> set[int]:
    idea = _asked_idea()
    return {idea.style_id} if idea is not None and idea.style_id is not None else set()


def _prefill(form: AskingForm, idea: Idea) -> None:
    """What an idea says itself: why, and what it is about, where the role need does not ask for it yet."""
    form["reason"].data = why_of_idea(idea)
    if isinstance(form, TemplateNeedForm):
        if idea.style_id is not None and str(idea.style_id) not in {str(one.form.style_id.data) for one in form.styles}:
            form.styles.append_entry(
                {"style_id": str(idea.style_id), "min": LEAST_ASKED, "max": 5.0, "weight": 1, "reason": idea.title}
            )
        if idea.skill_id is not None and str(idea.skill_id) not in {str(one.form.skill_id.data) for one in form.skills}:
            form.skills.append_entry({"skill_id": idea.skill_id, "level": 1, "is_must": False, "weight": 1})


def _judged(change: Callable[[], TemplateContent]) -> TemplateContent:
    """What a template becomes. Raises Refused where the whole does not allow what was said of one item."""
    try:
        return change()
    except ValidationError as error:
        raise changes.refusal_of(error) from error


def _at(verb: Callable[[TeamTemplate, str], Any], template: TeamTemplate, item: str) -> Any:
    try:
        return verb(template, item)
    except LookupError:
        raise access.Hidden(item) from None


def _as_row(said: Any, template: TeamTemplate) -> Any:
    """A document as a form wants to be filled from it."""
    return SimpleNamespace(**{n: getattr(said, n) for n in type(said).model_fields}, version=template.version)


def _need_page(form: TemplateNeedForm, template: TeamTemplate, said: Any) -> str:
    reasons = [entry.form.reason.data or "" for entry in form.styles]
    return _page(
        "outcomes/template_need_edit.html",
        form,
        template,
        said=said,
        disguises=criteria.doubts([form.title.data or "", *(form.tags.data or [])], reasons),
    )


def _rule_page(form: TemplateRuleForm, template: TeamTemplate, sentence: str) -> str:
    return _page(
        "staffing/rule_edit.html",
        form,
        template,
        phase=SimpleNamespace(id=0, name=template.name, project=None),
        sentence=sentence,
        another=url_for(".rule_add", template_id=template.id) if not sentence else None,
    )


def _page(name: str, form: AskingForm, template: TeamTemplate | None, **facts: Any) -> str:
    back = _href(template) if template is not None else url_for(".template_list")
    workspace = projects.workspace_of(db.session())
    facts = {"idea": _asked_idea(), **facts}
    return render_template(name, form=form, template=template, back=back, workspace=workspace, **facts)


def _href(template: TeamTemplate) -> str:
    return url_for(".template_show", template_id=template.id)
