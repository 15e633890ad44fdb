"""What candidates are told, how long their data is kept, and the report on adverse impact."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import access, db
from planner.forms.fields import offer
from planner.forms.hiring_rights import NoticeForm, RetentionForm
from planner.services.hiring import compliance, notices, requisitions, retention
from planner.services.refused import Refused
from planner.services.staffing import sites
from planner.views.door import Answer, actor, acts, save
from planner.wording import refusal_sentence
from planner.words.staffing_people import country_name

pages = Blueprint("hiring_privacy", __name__, url_prefix="/privacy")


@pages.get("")
@acts("notice.see")
def privacy_show() -> Answer:
    session, user = db.session(), actor()
    can_erase = access.allowed(user, "rights.erase")
    return render_template(
        "hiring/privacy_show.html",
        notices=notices.all_notices(session),
        rules=retention.all_rules(session),
        due=retention.due(session) if can_erase else [],
        can_publish=access.allowed(user, "notice.add"),
        can_erase=can_erase,
    )


@pages.route("/notice/add", methods=["GET", "POST"])
@acts("notice.add")
def notice_add() -> Answer:
    present = notices.current_notice(db.session())
    form = NoticeForm(obj=present)
    return save(
        form,
        lambda: notices.publish(db.session(), form.said, by=actor()),
        page=lambda: render_template("hiring/notice_add.html", form=form, present=present),
        then=lambda _notice: url_for(".privacy_show"),
        told=_("The notice was published under a new number. Earlier ones stay for those who read them."),
    )


@pages.route("/rules/add", methods=["GET", "POST"])
@acts("notice.add")
def rule_add() -> Answer:
    here = {site.country for site in sites.all_sites(db.session()) if site.country}
    known = {rule.country for rule in retention.all_rules(db.session()) if rule.country}
    offer(countries=sorted(((code, country_name(code)) for code in here | known), key=lambda pair: pair[1]))
    form = RetentionForm()
    return save(
        form,
        lambda: retention.add_rule(db.session(), form.said),
        page=lambda: render_template("hiring/rule_add.html", form=form),
        then=lambda _rule: url_for(".privacy_show"),
        told=_("The rule was added."),
    )


@pages.post("/rules/load")
@acts("notice.add")
def rules_load() -> Answer:
    retention.load_rules(db.session())
    db.session().commit()
    return redirect(url_for(".privacy_show"), 303)


@pages.post("/erase-due")
@acts("rights.erase")
def due_erase() -> Answer:
    """Erases those whose time is over, if they are the very ones that were shown."""
    shown = [int(text) for text in request.form.getlist("candidate") if text.isdecimal()]
    try:
        num = retention.erase_due(db.session(), shown, by=actor())
        db.session().commit()
        flash(
            ngettext("The data of %(num)s candidate was erased.", "The data of %(num)s candidates was erased.", num),
            "success",
        )
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
    return redirect(url_for(".privacy_show"), 303)


@pages.get("/impact")
@acts("impact.see")
def impact_show() -> Answer:
    session = db.session()
    wanted = request.args.get("requisition", type=int)
    known = requisitions.all_requisitions(session)
    chosen = next((row for row in known if row.id == wanted), None)
    return render_template(
        "hiring/impact_show.html",
        reports=compliance.report(session, chosen),
        requisitions=[(row.id, f"{row.number} · {row.title}") for row in known],
        chosen=chosen,
    )
