"""Pages of the workspace's settings, of the sample company's end, and of the messages that wait to be passed on."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.account import WorkspaceForm
from planner.models import MailFile, OutgoingMail, Workspace
from planner.services.account import mails, workspace
from planner.services.sample import remove_sample
from planner.views.account import pages
from planner.views.door import Answer, actor, acts, no_store, query, save


@pages.get("/settings")
@acts("workspace.see")
def settings() -> Answer:
    row = db.session().get_one(Workspace, 1)
    may_edit = access.allowed(actor(), "workspace.edit")
    return render_template("account/settings.html", form=WorkspaceForm(obj=row), workspace=row, may_edit=may_edit)


@pages.route("/settings/edit", methods=["GET", "POST"])
@acts("workspace.edit")
def settings_edit() -> Answer:
    row = db.session().get_one(Workspace, 1)
    form = WorkspaceForm(obj=row)
    return save(
        form,
        lambda: workspace.edit_workspace(db.session(), row, form.said, form.read_version),
        page=lambda: render_template("account/settings.html", form=form, workspace=row, may_edit=True),
        then=lambda _row: url_for(".settings"),
        told=_("The settings were saved."),
    )


@pages.post("/settings/sample/remove")
@acts("sample.remove")
def sample_remove() -> Answer:
    remove_sample(db.session())
    db.session().commit()
    flash(_("The sample company is gone. What you have added is still here."), "success")
    return redirect(url_for("home.start"), 303)


@pages.get("/mail")
@acts("mail.see")
def mail_list() -> Answer:
    page = mails.page_of_mails(db.session(), query())
    files = mails.files_of(db.session(), page.items)
    return render_template("account/mail_list.html", page=page, num_unsent=mails.num_unsent(db.session()), files=files)


@pages.get("/mail/files/<int:mail_file_id>")
@acts("mail.see", MailFile)
def mail_file(file: MailFile) -> Answer:
    """A file that goes out with a message, for whoever passes it on."""
    answer = Response(file.data, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    return no_store(answer)


@pages.post("/mail/<int:mail_id>/passed-on")
@acts("mail.see", OutgoingMail)
def mail_passed_on(mail: OutgoingMail) -> Answer:
    mails.mark_sent(mail)
    db.session().commit()
    return redirect(url_for(".mail_list"), 303)
