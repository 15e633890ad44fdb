"""Sentences for why effort is not entered, or a template not used, by code."""

from __future__ import annotations

from flask_babel import lazy_gettext

TEMPLATE_REFUSALS = {
    "beyond_the_phase": lazy_gettext("The phase of the template is shorter than this."),
    "closing_wants_effort": lazy_gettext("Nothing was entered for this role need yet. Say what it took in all."),
    "effort_stays_with_need": lazy_gettext("An entry stays with its role need. Add another one there."),
    "idea_is_not_accepted": lazy_gettext("Nobody has said yes to this idea: it changes a template once somebody has."),
    "need_cannot_be_kept": lazy_gettext("“%(title)s” asks for a work style without a reason. Open it, and give one."),
    "need_is_closed": lazy_gettext("“%(title)s” is closed: what it took is kept as it is. Open it again to change it."),
    "need_is_full": lazy_gettext("“%(title)s” asks for as many things as a role need can ask for. Take one out first."),
    "need_is_not_closed": lazy_gettext("This role need is not closed."),
    "proposal_is_not_accepted": lazy_gettext(
        "This proposal is not accepted: it comes to templates once somebody has accepted it."
    ),
    "template_is_empty": lazy_gettext("“%(name)s” asks for nobody yet. Add a role need to it first."),
    "template_is_full": lazy_gettext("A template has at most 60 role needs, and as many team rules."),
    "template_is_gone": lazy_gettext("This template is not there any more. Choose another one."),
    "template_is_so_already": lazy_gettext("The template asks for exactly this already."),
    "template_is_used_already": lazy_gettext(
        "“%(name)s” was added to this phase already. Say that you want it once more, if you do."
    ),
    "template_needs_more_time": lazy_gettext(
        "A role need of the template reaches beyond that. Make the phase %(least)s or longer, or move the role need."
    ),
    "template_says_nothing_new": lazy_gettext("The template says nothing else than the role need does."),
    "too_few_are_finished": lazy_gettext("Fewer than %(least)s role needs like it are finished: they say nothing yet."),
    "template_use_is_undone": lazy_gettext("“%(name)s” was taken back from this phase already."),
}
