"""Sentences for what was not understood or cannot be done, by code: the same at both doors, in both languages."""

from __future__ import annotations

from typing import Any, Protocol

from flask_babel import gettext, lazy_gettext

from planner.refusals.outcomes_metrics import METRIC_REFUSALS, METRIC_SCHEMA
from planner.refusals.outcomes_templates import TEMPLATE_REFUSALS
from planner.refusals.outcomes_voices import VOICE_REFUSALS
from planner.refusals.sheets import SHEET_REFUSALS
from planner.refusals.sheets_imports import IMPORT_REFUSALS
from planner.refusals.work import WORK_REFUSALS


class Refusal(Protocol):
    """What a verb says where something cannot be done: a code, what fills its sentence, the field that it is about."""

    code: str
    field: str | None
    params: dict[str, Any]


class Failing(Protocol):
    """A plan or a job, which may have come to nothing: the code and what fills its sentence; old ones have a text."""

    failure: str
    failure_code: str | None
    failure_values: dict[str, Any] | None


SCHEMA = {
    **METRIC_SCHEMA,
    "missing": lazy_gettext("Fill this in."),
    "string_too_short": lazy_gettext("Write at least %(min_length)s characters."),
    "string_too_long": lazy_gettext("Write at most %(max_length)s characters."),
    "string_type": lazy_gettext("Write a text."),
    "string_pattern_mismatch": lazy_gettext("This is not in the form that is expected."),
    "int_type": lazy_gettext("Enter a whole number."),
    "int_parsing": lazy_gettext("Enter a whole number."),
    "int_from_float": lazy_gettext("Enter a whole number."),
    "int_parsing_size": lazy_gettext("This number is too large."),
    "float_type": lazy_gettext("Enter a number."),
    "float_parsing": lazy_gettext("Enter a number."),
    "finite_number": lazy_gettext("Enter a number."),
    "decimal_parsing": lazy_gettext("Enter a number."),
    "bool_parsing": lazy_gettext("Answer yes or no."),
    "bool_type": lazy_gettext("Answer yes or no."),
    "greater_than_equal": lazy_gettext("Enter %(ge)s or more."),
    "greater_than": lazy_gettext("Enter more than %(gt)s."),
    "less_than_equal": lazy_gettext("Enter %(le)s or less."),
    "less_than": lazy_gettext("Enter less than %(lt)s."),
    "enum": lazy_gettext("Choose one of the list."),
    "literal_error": lazy_gettext("Choose one of the list."),
    "date_parsing": lazy_gettext("Enter a date."),
    "date_type": lazy_gettext("Enter a date."),
    "date_from_datetime_parsing": lazy_gettext("Enter a date."),
    "date_from_datetime_inexact": lazy_gettext("Enter a date without a time."),
    "datetime_parsing": lazy_gettext("Enter a date."),
    "datetime_from_date_parsing": lazy_gettext("Enter a date."),
    "datetime_type": lazy_gettext("Enter a date."),
    "year_too_early": lazy_gettext("Give a year from %(first)s on."),
    "list_type": lazy_gettext("Give a list."),
    "dict_type": lazy_gettext("Give an object."),
    "model_type": lazy_gettext("Give an object."),
    "model_attributes_type": lazy_gettext("Give an object."),
    "too_long": lazy_gettext("Give at most %(max_length)s."),
    "too_short": lazy_gettext("Give at least %(min_length)s."),
    "extra_forbidden": lazy_gettext("This is not known here."),
    "email": lazy_gettext("This is not an e-mail address."),
    "invisible_characters": lazy_gettext("The text holds invisible control characters."),
    "moment_with_zone": lazy_gettext("Give the local date and time, without a time zone."),
    "anchors_are_five": lazy_gettext("Write a sentence for each of the five scores, or none."),
    "board_of_two": lazy_gettext("A board is of a project or of a phase, not of both."),
    "due_before_it_begins": lazy_gettext("This is due before it begins."),
    "at_most_below_at_least": lazy_gettext("The most is below the least."),
    "band_is_open": lazy_gettext("Say at least one end of the band."),
    "band_upside_down": lazy_gettext("The upper end is below the lower end."),
    "count_is_open": lazy_gettext("Say at least one of the two numbers."),
    "ends_before_it_begins": lazy_gettext("This ends before it begins."),
    "latest_before_earliest": lazy_gettext("The latest start is before the earliest one."),
    "workspace_stays": lazy_gettext("The workspace can only be changed."),
    "two_people_wanted": lazy_gettext("Name at least two people."),
    "said_twice": lazy_gettext("This stands in another row already."),
    "web_address": lazy_gettext("Give the address of a web server, such as https://example.com/hook."),
    "candidate_has_own_page": lazy_gettext("A candidate is added under Candidates."),
    "time_zone_not_known": lazy_gettext("There is no time zone of this name; one is Europe/Paris."),
    "currency_not_known": lazy_gettext("There is no currency with this code."),
    "rows_overlap": lazy_gettext("This overlaps with another row."),
    "count_is_negative": lazy_gettext("What is counted is never below zero."),
    "date_in_future": lazy_gettext("This day is still to come."),
    "date_is_past": lazy_gettext("Choose a day from today on."),
    "date_too_far": lazy_gettext("Choose a day within a year."),
    "nothing_to_reach": lazy_gettext("The target is where it begins."),
    "source_is_another": lazy_gettext("The readings come from elsewhere: leave this out."),
    "source_is_wanted": lazy_gettext("Name what it is measured from."),
    "tasks_are_counted": lazy_gettext(
        "Tasks are counted, or are a percentage of all: choose one of the two for the values."
    ),
    "one_serves": lazy_gettext("Name one: a project, a phase, a role need or an idea."),
    "say_why": lazy_gettext("Say why, in a few words at least."),
    "beyond_the_phase": lazy_gettext("The phase of the template is shorter than this."),
    "hours_or_percent": lazy_gettext("Say either the hours or the percent of full time."),
    "in_the_future": lazy_gettext("This day is still to come. Enter what was done by today."),
    "template_names_nobody": lazy_gettext("A template names no people: leave this rule out, and add it on the phase."),
    "style_score_off_scale": lazy_gettext("Work styles are scored from 1 to 5."),
}

REFUSALS = {
    **SHEET_REFUSALS,
    **IMPORT_REFUSALS,
    **WORK_REFUSALS,
    **VOICE_REFUSALS,
    **METRIC_REFUSALS,
    **TEMPLATE_REFUSALS,
    "alert_is_not_decided": lazy_gettext("Nobody has said that this may stay: it is open."),
    "alert_is_over": lazy_gettext("This is over by now: there is nothing to decide."),
    "absence_overlaps": lazy_gettext("%(name)s is away already on some of these days."),
    "an_answer_is_not_settled": lazy_gettext("Settle the comment that it answers."),
    "already_has_users": lazy_gettext("Somebody else became the first administrator. Ask them to add you."),
    "already_removed": lazy_gettext("“%(title)s” was removed already."),
    "already_restored": lazy_gettext("“%(title)s” is already back."),
    "already_set_up": lazy_gettext("This was set up already."),
    "candidate_is_edited_apart": lazy_gettext("%(name)s is a candidate: edit them under Candidates."),
    "candidate_has_changed": lazy_gettext("Somebody else has changed %(name)s. Nobody was moved: look again."),
    "candidate_has_no_requisition": lazy_gettext("%(name)s is considered for no requisition yet. Choose one first."),
    "candidate_is_gone": lazy_gettext("One of these candidates is not there any more. Nobody was moved."),
    "candidate_is_not_considered": lazy_gettext("%(name)s is not considered any more."),
    "cannot_restore": lazy_gettext("“%(title)s” cannot come back: something has taken its place since."),
    "column_keeps_its_stage": lazy_gettext("A column keeps its stage: candidates stand in it. Add another column."),
    "criterion_is_not_asked": lazy_gettext("The requisition does not ask for this any more. Load the page again."),
    "cv_has_no_text": lazy_gettext("No text can be read in this file: it may be a scan. Paste the text instead."),
    "cv_is_damaged": lazy_gettext("This file is damaged, or not what it is called. Save it again, or paste the text."),
    "cv_is_encrypted": lazy_gettext("This file is protected by a password. Save it without one, or paste the text."),
    "cv_is_no_document": lazy_gettext("Choose a PDF, a DOCX, a JSON Resume or a text file."),
    "cv_too_large": lazy_gettext("The file is larger than %(most)s MB. Make it smaller, or paste the text."),
    "cv_unpacks_too_large": lazy_gettext("This file unpacks to more than any CV holds, and was not read."),
    "day_is_not_ahead": lazy_gettext("Choose a day after today, within %(most)s days."),
    "declining_wants_a_reason": lazy_gettext("Say why: the candidate may ask, and a person must be able to answer."),
    "choice_is_not_there": lazy_gettext("This is not there any more. Choose again."),
    "country_is_not_known": lazy_gettext("The public holidays of this country are not known here."),
    "email_is_known": lazy_gettext("This is the address of %(name)s. Choose whether it is them, or somebody else."),
    "email_is_taken": lazy_gettext("There is a user with the address %(email)s already."),
    "file_stops_reader": lazy_gettext("The file could not be read: something in it stops the program that reads it."),
    "file_takes_too_long": lazy_gettext("The file takes too long to read. Make it smaller."),
    "file_takes_too_much_memory": lazy_gettext("The file takes too much memory to read. Make it smaller."),
    "file_too_large": lazy_gettext("The file is too large to be read. Make it smaller."),
    "hire_is_undone_apart": lazy_gettext("%(name)s is hired. Undo the hire on the candidate’s page first."),
    "hire_wants_two_people": lazy_gettext(
        "Two people decide on a hire: the PM, then operations, each with a reason, on the candidate’s page."
    ),
    "intake_is_over": lazy_gettext("This was confirmed or dropped already."),
    "last_column_of_stage": lazy_gettext("It is the only column of its stage, and every stage keeps one."),
    "last_administrator": lazy_gettext("%(name)s is the only administrator. Make somebody else one first."),
    "link_has_ended": lazy_gettext("It was used, or its seven days are over. Ask for another one."),
    "not_base64": lazy_gettext("This is not base64."),
    "not_in_use": lazy_gettext("The data is not used for this."),
    "others_are_due": lazy_gettext("Others are due by now than those you saw. Look again before you erase."),
    "project_unknown": lazy_gettext("This project is not there any more."),
    "report_is_not_yours": lazy_gettext("You may not see this report."),
    "request_is_answered": lazy_gettext("This was answered already."),
    "rule_is_there": lazy_gettext("There is a rule for this country from this day on already."),
    "level_is_in_use": lazy_gettext("Level %(level)s is in use; the highest level cannot be below it."),
    "level_over_scale": lazy_gettext("Levels go up to %(most)s here."),
    "need_begins_after_phase": lazy_gettext("The phase lasts %(duration)s periods; this begins after its end."),
    "need_ends_after_phase": lazy_gettext("The phase lasts %(duration)s periods; this ends after it."),
    "period_is_in_use": lazy_gettext("There are phases counted in this period already; it cannot change any more."),
    "person_is_booked": lazy_gettext(
        "%(person)s was agreed on for other work since this plan was made, and would have more than there is time for "
        "with %(seat)s. Say why it shall stand all the same."
    ),
    "person_is_gone": lazy_gettext("This person is not there any more."),
    "phase_ends_too_late": lazy_gettext("It would end after the year 9999."),
    "phase_too_short_for_need": lazy_gettext(
        "The role need “%(need)s” lasts until period %(least)s. Shorten it first."
    ),
    "phase_unknown": lazy_gettext("One of these phases is not there any more."),
    "phases_in_a_circle": lazy_gettext("These phases would wait for one another: %(circle)s."),
    "nobody_decides_on_themselves": lazy_gettext("You are this candidate yourself: others decide."),
    "nobody_has_rated": lazy_gettext("Nobody has rated this yet."),
    "nobody_was_hired": lazy_gettext("There is no hire to undo."),
    "no_plan_to_decide_on": lazy_gettext("There is no plan yet that could suggest somebody. Make one first."),
    "nothing_to_withdraw": lazy_gettext("There is no approval to take back."),
    "pm_approves_again": lazy_gettext(
        "%(name)s approved of what plan %(number)s suggested; the newest plan suggests something else. They must "
        "approve again."
    ),
    "pm_approves_first": lazy_gettext("The PM approves first."),
    "pm_is_no_project_manager": lazy_gettext("Choose a user with the role of a project manager."),
    "rate_is_missing": lazy_gettext("There is no exchange rate for %(currency)s. Enter one first."),
    "rate_is_there": lazy_gettext("There is a rate for %(currency)s of this day already."),
    "rate_of_own_currency": lazy_gettext("%(currency)s is the currency of this workspace: it needs no rate."),
    "requisition_is_not_open": lazy_gettext("Requisition %(number)s is not open."),
    "requisition_is_over": lazy_gettext("Requisition %(number)s takes no candidates any more."),
    "sample_wants_empty_workspace": lazy_gettext(
        "The sample company can be loaded only where there are no projects and no people yet."
    ),
    "schedule_is_off": lazy_gettext("This report is switched off. Switch it on first."),
    "scorecard_is_empty": lazy_gettext("Rate at least one criterion before you hand it in."),
    "scorecard_is_in": lazy_gettext("Your scorecard is in, and stays as it is: the others rely on it."),
    "seat_is_gone": lazy_gettext("The seat %(seat)s is not there any more."),
    "seats_are_agreed": lazy_gettext("%(num)s of its seats are agreed and stay. Release them in the plan first."),
    "side_has_signed": lazy_gettext("%(name)s has signed for this side already."),
    "site_is_there": lazy_gettext("There is a site “%(name)s” already."),
    "skill_is_there": lazy_gettext("There is a skill “%(name)s” already."),
    "skill_unknown": lazy_gettext("This skill is not there any more."),
    "somebody_stands_there": lazy_gettext("Candidates stand in this column. Move them first."),
    "stage_is_gone": lazy_gettext("This stage is not there any more. Choose another one."),
    "still_in_use": lazy_gettext("“%(title)s” is still in use and was not removed."),
    "style_unknown": lazy_gettext("This work style is not in use here."),
    "suggestion_has_changed": lazy_gettext(
        "Plan %(number)s stands as it is shown now, and not as you have read it. Look again, and confirm."
    ),
    "terms_have_changed": lazy_gettext("Terms %(number)s hold no more. Read the new ones, and sign those."),
    "terms_want_signatures": lazy_gettext("The PM and operations must both have signed the criteria as they are now."),
    "two_people_decide": lazy_gettext("You have approved already: a second person decides for the other side."),
    "two_people_sign": lazy_gettext("You have signed already: a second person signs for the other side."),
    "subdivision_is_not_known": lazy_gettext("The public holidays of this part of the country are not known here."),
    "broken_rule_needs_reason": lazy_gettext("This breaks a rule. Say why it shall stand all the same."),
    "no_such_person": lazy_gettext("“%(person)s” is not among the people of this plan."),
    "no_such_seat": lazy_gettext("“%(seat)s” is not a seat of this plan."),
    "nothing_is_in_force": lazy_gettext("No plan is in force yet."),
    "plan_is_in_force": lazy_gettext("The plan is in force as it stands."),
    "plan_is_not_approved": lazy_gettext("The plan has to be approved first."),
    "plan_is_not_proposed": lazy_gettext("Nobody has proposed the plan as it stands."),
    "plan_is_proposed_already": lazy_gettext("The plan is proposed, or approved, as it stands."),
    "say_what_should_change": lazy_gettext("Say what should be otherwise."),
    "somebody_else_approves": lazy_gettext("You proposed this plan: somebody else has to approve it."),
    "comment_is_gone": lazy_gettext("The comment that this answers is not there any more."),
    "comment_too_long": lazy_gettext("With the name in front it is longer than %(most)s characters. Shorten it."),
    "comment_is_anothers": lazy_gettext("Only whoever said it can change it."),
    "not_their_turn": lazy_gettext("This cannot be said now: look at what was said last."),
    "offers_nothing_else": lazy_gettext("This is what is asked already: change something, or accept."),
    "person_unknown": lazy_gettext("There is no such person."),
    "say_why": lazy_gettext("Say why, in a few words at least."),
    "no_such_plan": lazy_gettext("There is no such plan."),
    "no_such_version": lazy_gettext("This plan has no version %(version)s."),
    "nobody_on_seat": lazy_gettext("Nobody holds the seat %(seat)s any more."),
    "not_a_json_resume": lazy_gettext("This is JSON, but no JSON Resume: it has no basics, work or skills."),
    "not_json": lazy_gettext("This file ends like JSON and cannot be read as such."),
    "nothing_came_in": lazy_gettext("Choose a file, or paste a text."),
    "notice_is_missing": lazy_gettext(
        "Publish the notice to candidates first: whoever applies must be able to read it."
    ),
    "notice_was_not_read": lazy_gettext("Read how your data is used, and say that you have."),
    "nothing_to_plan": lazy_gettext("There are no seats to plan yet. Add role needs first."),
    "phase_cannot_start_there": lazy_gettext("The phase cannot start there."),
    "phase_is_agreed": lazy_gettext("Somebody is agreed on a seat of this phase. Release that first."),
    "seat_is_agreed": lazy_gettext("The seat %(seat)s is agreed. Release it first."),
    "seat_is_held": lazy_gettext("Somebody holds the seat %(seat)s: ask why them instead."),
    "seat_is_not_agreed": lazy_gettext("The seat %(seat)s is not agreed."),
    "seat_or_person_is_gone": lazy_gettext("The seat %(seat)s or the person %(person)s is no longer there."),
    "somebody_else_is_agreed": lazy_gettext("Somebody else is agreed on %(seat)s meanwhile. Release that first."),
    "calendar_is_too_long": lazy_gettext(
        "Its calendar of %(num_periods)s periods runs past the year 9999, which no page can show."
    ),
    "not_a_plan": lazy_gettext("This is not a plan of what is here. %(place)s: %(reason)s"),
    "not_a_problem": lazy_gettext("This is not a staffing problem. %(place)s: %(reason)s"),
    "plan_breaks_rules": lazy_gettext("The plan breaks rules and was not kept: %(why)s"),
    "plan_is_running": lazy_gettext("A plan is being made. Wait until it is ready, or stop it."),
    "workspace_is_not_empty": lazy_gettext("There is something here already. Say that it may be replaced."),
    "zero_byte": lazy_gettext("A text holds a zero byte, which cannot be kept: %(place)s."),
    "mention_is_of_several": lazy_gettext(
        "Several people are called %(name)s. Choose one from the list, with their address."
    ),
    "mention_may_not_see": lazy_gettext("%(name)s may not see this, and cannot be told of it here."),
    "nobody_is_called_so": lazy_gettext("Nobody who may see this is called “%(name)s”. Choose from the list."),
    "notification_is_gone": lazy_gettext("What this is about is nothing that you can see any more."),
    "too_many_are_named": lazy_gettext("This names more than %(most)s people."),
    "merge_is_not_allowed": lazy_gettext("You may not change “%(title)s” where it is true. Leave it in the scenario."),
    "plan_is_of_a_scenario": lazy_gettext(
        "Plan %(number)s answers a scenario. Merge the scenario first, then plan what is there."
    ),
    "scenario_changes_not_understood": lazy_gettext("What the scenario should begin with was not understood."),
    "scenario_does_not_hold": lazy_gettext("What this scenario changes is not possible any more. %(why)s"),
    "scenario_holds_no_more": lazy_gettext(
        "%(num)s of the things that this scenario changes cannot be changed so any more. Ask for a plan again: it is "
        "said which, and why."
    ),
    "scenario_has_moved_on": lazy_gettext(
        "Something has changed since you read this, in the scenario or in what is there. Nothing was merged: look "
        "again."
    ),
    "scenario_is_gone": lazy_gettext("The scenario is not there any more."),
    "scenario_leaves_it_out": lazy_gettext("The scenario leaves “%(title)s” out. Take it in again first."),
    "scenario_parent_is_gone": lazy_gettext("What “%(title)s” belongs to is not there any more."),
    "scenario_plan_is_running": lazy_gettext(
        "A plan of this scenario is being made. Wait until it is ready, or stop it."
    ),
    "scenario_says_too_much": lazy_gettext("What is there cannot be said like this any more. Edit it there first."),
    "scenario_subject_is_gone": lazy_gettext("What the scenario changes here is not there any more: %(title)s"),
    "too_many_plans": lazy_gettext("Many plans are being asked for at this moment. Try again."),
    "too_many_schedules": lazy_gettext("You have %(most)s reports by e-mail already. Remove one first."),
    "too_many_webhooks": lazy_gettext("There are %(most)s webhooks already. Remove one that nobody needs."),
    "webhook_address_is_private": lazy_gettext(
        "This address is reached from this network only, and is not called. An operator can allow it."
    ),
    "webhook_wants_https": lazy_gettext("The address must begin with https://, so that nobody reads along."),
}

CAUSES = {
    "error": "%(error)s",  # as the program that broke said it: for whoever mends it
    "interrupted": lazy_gettext("The solver was interrupted %(attempts)s times, the last time: %(reason)s."),
    "interrupted_inquiry": lazy_gettext("it did not come to an end in time"),
    "no_heartbeat": lazy_gettext("its worker gave no sign of life"),
    "no_question": lazy_gettext("No question can be made of what is there: %(reason)s"),
    "process_died": lazy_gettext("the solver’s process ended with status %(status)s"),
    "rules_are_broken": lazy_gettext("The solver’s answer breaks the rules, and is shown to nobody: %(rules)s"),
    "scenario_does_not_hold_here": lazy_gettext("%(title)s: %(reason)s"),
}


def schema_sentence(code: str, context: dict[str, Any]) -> str:
    """What to say about a value that was not understood. Raises KeyError on a code that has no words yet."""
    return str(SCHEMA[code]) % {k: v for k, v in context.items() if k != "error"}


def refusal_sentence(refused: Refusal) -> str:
    """What to say where the world does not allow what was asked; a reason that came as a sentence, in our words too."""
    params = refused.params
    if "sentence" in params:
        params = {**params, "reason": gettext(params["sentence"], **params["params"])}
    return _filled(REFUSALS[refused.code], params)


def failure_sentence(row: Failing) -> str:
    """Why a plan or a job came to nothing; an empty text where it did not."""
    if row.failure_code is None:
        return row.failure
    return _cause_in_words(row.failure_code, row.failure_values or {})


def _cause_in_words(code: str, values: dict[str, Any]) -> str:
    """A cause's sentence; its bare code where a newer worker knows more causes than this door: its lists still open."""
    sentence = CAUSES.get(code) or REFUSALS.get(code)
    return _filled(sentence, values) if sentence is not None else code


def _filled(sentence: Any, values: dict[str, Any]) -> str:
    return str(sentence) % {name: _in_words(value) for name, value in values.items()}


def _in_words(value: Any) -> Any:
    """What fills a sentence: causes and broken rules are sentences themselves, several stand one after the other."""
    match value:
        case {"code": code, "values": values}:
            return _cause_in_words(code, values)
        case {"sentence": sentence, "values": values}:
            return gettext(sentence) % values
        case list():
            return " ".join(str(_in_words(one)) for one in value)
    return value


STALE = lazy_gettext("Somebody else changed this while you were editing. Nothing was saved yet.")
