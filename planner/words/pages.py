"""Where a row of a table is shown, for histories and for messages that lead there."""

from __future__ import annotations

from collections.abc import Mapping

# a table -> the page of one row, and what its address calls the number
PAGE_OF: Mapping[str, tuple[str, str]] = {
    "person": ("staffing_people.person_show", "person_id"),
    "project": ("staffing_projects.project_show", "project_id"),
    "role_need": ("staffing_needs.need_edit", "need_id"),
    "skill": ("staffing_skills.skill_edit", "skill_id"),
    "work_style": ("staffing_styles.style_edit", "style_id"),
    "site": ("staffing_sites.site_edit", "site_id"),
    "team_template": ("outcomes_templates.template_show", "template_id"),
    "candidate": ("hiring_candidates.candidate_show", "candidate_id"),
    "requisition": ("hiring_requisitions.requisition_show", "requisition_id"),
    "plan": ("planning_plans.plan_show", "plan_id"),
    "webhook": ("account.webhook_edit", "webhook_id"),
    "task_board": ("work_boards.board_show", "board_id"),
    "task": ("work_tasks.task_show", "task_id"),
    "iteration": ("work_iterations.iteration_show", "iteration_id"),
    "objective": ("outcomes_objectives.objective_show", "objective_id"),
    "feedback": ("outcomes_feedback.feedback_show", "feedback_id"),
    "idea": ("outcomes_ideas.idea_show", "idea_id"),
    "alert": ("work_alerts.alert_show", "alert_id"),
    "metric": ("outcomes_metrics.metric_show", "metric_id"),
    "experiment": ("outcomes_experiments.experiment_show", "experiment_id"),
    "criterion_proposal": ("outcomes_criteria.proposal_show", "proposal_id"),
}
