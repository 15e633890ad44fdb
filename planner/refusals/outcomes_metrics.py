"""Sentences for what cannot be measured, compared or proposed, by code."""

from __future__ import annotations

from flask_babel import lazy_gettext

METRIC_SCHEMA = {
    "successes_above_trials": lazy_gettext("There cannot be more of these than there were in all."),
    "end_is_not_planned": lazy_gettext("Say when it ends, or at how many in each arm, before it begins."),
    "effect_is_no_share": lazy_gettext("No share moves by 100 points or more."),
    "two_arms_wanted": lazy_gettext("Compare two at least: the control, and what is tried."),
}
METRIC_REFUSALS = {
    "arm_of_means": lazy_gettext("A comparison of means wants the mean and the standard deviation of each arm."),
    "arm_of_shares": lazy_gettext("A comparison of shares wants the successes of each arm, and nothing else."),
    "count_below_none": lazy_gettext("There cannot be fewer than none of these."),
    "day_is_measured": lazy_gettext("This day is measured already. Correct what is there."),
    "day_is_to_come": lazy_gettext("This day is still to come: nobody can have measured anything then."),
    "ends_before_it_began": lazy_gettext("This is before the experiment began."),
    "experiment_has_ended": lazy_gettext("The experiment has ended. Let it go on before you change what it collected."),
    "experiment_runs": lazy_gettext("The experiment runs already."),
    "metric_has_points": lazy_gettext("What was measured already says the other kind. Remove that first."),
    "metric_is_there": lazy_gettext("“%(name)s” is measured there already."),
    "outcome_is_not_known": lazy_gettext("There is no such outcome any more. Choose another one."),
    "phase_of_another_project": lazy_gettext("This phase belongs to “%(project)s”. Choose one of this project."),
    "plan_was_looked_at": lazy_gettext(
        "Somebody has looked at the result already: the plan stays, or it would follow what was seen."
    ),
    "point_of_a_mean": lazy_gettext("This metric wants a mean, of how many, and their standard deviation."),
    "point_of_a_number": lazy_gettext("This metric wants one number, and nothing else."),
    "point_of_a_share": lazy_gettext("This metric wants how many there were, and how many of them succeeded."),
    "point_stays_in_its_metric": lazy_gettext("A measurement stays in its metric. Add it to the other one."),
    "result_is_not_due": lazy_gettext("Not all that was planned is in. Look at it all the same: that is counted."),
    "proposal_is_decided": lazy_gettext("%(name)s has decided so already."),
}
