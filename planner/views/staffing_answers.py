"""The page on which a PM and operations come to terms about a role need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.formats import label
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.staffing_answers import AnswerForm, CounterForm
from planner.models import NeedAnswer, NeedStepKind, RoleNeed
from planner.services.staffing import answering_needs as verbs
from planner.services.staffing import projects
from planner.views.door import Answer, actor, acts, save

pages = Blueprint("staffing_answers", __name__, url_prefix="/needs")


@pages.get("/<int:need_id>/answer")
@acts("need.see", RoleNeed)
def need_answer_show(need: RoleNeed) -> Answer:
    return _page(need)


@pages.post("/<int:need_id>/answer/ask")
@acts("need.ask", RoleNeed)
def need_ask(need: RoleNeed) -> Answer:
    return _said(need, NeedStepKind.ASKED, _("Operations are asked."))


@pages.post("/<int:need_id>/answer/accept")
@acts("need.answer", RoleNeed)
def need_accept(need: RoleNeed) -> Answer:
    return _said(need, NeedStepKind.ACCEPTED, _("The role need is accepted."))


@pages.post("/<int:need_id>/answer/decline")
@acts("need.answer", RoleNeed)
def need_decline(need: RoleNeed) -> Answer:
    return _said(need, NeedStepKind.DECLINED, _("The role need is declined."))


@pages.post("/<int:need_id>/answer/insist")
@acts("need.ask", RoleNeed)
def need_insist(need: RoleNeed) -> Answer:
    return _said(need, NeedStepKind.INSISTED, _("Operations are asked once more."))


@pages.post("/<int:need_id>/answer/withdraw")
@acts("need.ask", RoleNeed)
def need_withdraw(need: RoleNeed) -> Answer:
    return _said(need, NeedStepKind.WITHDRAWN, _("The request is withdrawn; the role need stays."))


@pages.post("/<int:need_id>/answer/counter")
@acts("need.answer", RoleNeed)
def need_counter(need: RoleNeed) -> Answer:
    _offer_people()
    form = CounterForm()
    return _save(
        need, form, lambda: verbs.counter(db.session(), need, form.said, form.read_version, by=actor()),
        _("The offer is made; the project manager answers."), counter=form,
    )  # fmt: skip


@pages.post("/<int:need_id>/answer/take")
@acts("need.ask", RoleNeed)
def need_take(need: RoleNeed) -> Answer:
    form = AnswerForm()
    return _save(
        need, form, lambda: verbs.accept_counter(db.session(), need, form.said, form.read_version, by=actor()),
        _("The role need is what operations offered."), form=form,
    )  # fmt: skip


def _said(need: RoleNeed, kind: NeedStepKind, told: str) -> Answer:
    form = AnswerForm()
    return _save(
        need,
        form,
        lambda: verbs.say(db.session(), need, kind, form.said, form.read_version, by=actor()),
        told,
        form=form,
    )


def _save(need: RoleNeed, asked: AskingForm, verb: Callable[[], NeedAnswer], told: str, **forms: Any) -> Answer:
    return save(
        asked,
        verb,
        page=lambda: _page(need, **forms),
        then=lambda _answer: url_for(".need_answer_show", need_id=need.id),
        told=told,
    )


def _offer_people() -> None:
    offer(people=verbs.people_to_offer(db.session()))


def _page(need: RoleNeed, form: AnswerForm | None = None, counter: CounterForm | None = None) -> str:
    _offer_people()
    answer = verbs.answer_of(db.session(), need)
    levels = [{"skill_id": str(line.skill_id), "level": line.level} for line in need.skills]
    usual = {
        "from_offset": need.from_offset,
        "to_offset": need.to_offset or need.phase.duration,
        "fte_pct": need.fte_pct,
        "levels": levels,
        "version": str(need.version),
    }
    skills = {str(line.skill_id): label(line.skill) for line in need.skills}
    counter = counter or CounterForm(formdata=None, data=usual)
    counter.reason.id = "counter-reason"  # beside the reason of the other form
    for row in counter.levels:
        row.form.level.label.text = _("%(skill)s at level", skill=skills.get(str(row.form.skill_id.data), ""))
    return render_template(
        "staffing/need_answer.html",
        need=need,
        answer=answer,
        form=form or AnswerForm(formdata=None, obj=need),
        counter=counter,
        offered=verbs.counter_of(answer),
        skills=skills,
        workspace=projects.workspace_of(db.session()),
        can={kind.value: _can(need, answer, kind) for kind in NeedStepKind},
    )


def _can(need: RoleNeed, answer: NeedAnswer | None, kind: NeedStepKind) -> bool:
    action = "need.answer" if kind in verbs.OF_OPERATIONS else "need.ask"
    return verbs.can_step(answer, kind) and access.allowed(actor(), action, need)
