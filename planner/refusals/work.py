"""Sentences for why something cannot be done with boards and tasks, by code."""

from __future__ import annotations

from flask_babel import lazy_gettext

WORK_REFUSALS = {
    "board_of_anothers": lazy_gettext("Only the PM of this project, and operations, arrange its boards."),
    "card_is_gone": lazy_gettext("The card above is not in this column any more. Look again."),
    "column_is_full": lazy_gettext(
        "“%(column)s” takes at most %(most)s. Finish something there first; or say why this shall go there all the "
        "same, and move it anyway."
    ),
    "column_is_gone": lazy_gettext("This column is not there any more. Choose another one."),
    "iteration_too_long": lazy_gettext("An iteration has at most %(most)s days."),
    "last_column_of_meaning": lazy_gettext(
        "It is the only column of what it means, and every board keeps one to do, one being done and one done."
    ),
    "line_is_gone": lazy_gettext("This line is not on the checklist any more. Look again."),
    "owner_is_not_employed": lazy_gettext("Tasks go to people on staff; this is somebody who would have to be hired."),
    "task_has_changed": lazy_gettext("Somebody else has changed “%(title)s”. Look again; nothing was moved."),
    "task_is_gone": lazy_gettext("This task is not here any more. Look again; nothing was changed."),
    "task_is_merged": lazy_gettext("One of them was merged into another already. Open that one."),
    "tasks_are_not_linked": lazy_gettext("Nothing was said of these two."),
    "tasks_stand_there": lazy_gettext("Tasks stand in this column. Move them first."),
    "tasks_too_long_together": lazy_gettext("Their texts or checklists are too long for one task. Shorten one first."),
}
