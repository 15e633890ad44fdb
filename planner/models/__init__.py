"""The nouns: every table, and the facts that the database itself guarantees."""

import planner.models.hiring_protected  # noqa: F401 -- its tables are made with the others; its names stand in no list
from planner.models.account import (
    CORRIDORS,
    SCOPES,
    ApiToken,
    EndedSession,
    ExchangeRate,
    LoginLink,
    OutgoingMail,
    PeriodKind,
    Removal,
    RoleName,
    User,
    UserRole,
    Workspace,
    today,
)
from planner.models.account_audit import (
    COVERED,
    NO_DIGEST,
    AuditAction,
    AuditEntry,
    AuditHead,
    Door,
)
from planner.models.account_presence import KeptAnswer, Presence
from planner.models.account_webhooks import DeliveryState, Webhook, WebhookDelivery
from planner.models.declarative import Base, now
from planner.models.folding import fold, fold_of_sqlite, folded
from planner.models.hiding import NOBODY, Hidden, hidden, masked
from planner.models.hiring import (
    Candidate,
    CandidateEvent,
    EventKind,
    HireApproval,
    HireDecision,
    PipelineColumn,
    Requisition,
    RequisitionState,
    Side,
    Signature,
    Stage,
    Terms,
    chain_of_need,
    chain_of_requisition,
)
from planner.models.hiring_intake import Attachment, Intake, IntakeKind, IntakeState
from planner.models.hiring_rights import (
    AskedFor,
    DataRequest,
    Erasure,
    LegalBasis,
    Notice,
    NoticeShown,
    Purpose,
    RetentionRule,
    SheetLink,
    UseOfData,
)
from planner.models.hiring_scorecards import AgreedRating, RatedKind, Rating, Scorecard
from planner.models.imports import ImportDraft, ImportMapping, ImportState, PastAllocation
from planner.models.outcomes_criteria import AdoptedCriterion, CriterionProposal, ProposalState
from planner.models.outcomes_effort import ActualEffort, FinishedWork, RoleLikeness
from planner.models.outcomes_experiments import (
    MOST_ARMS,
    Experiment,
    ExperimentArm,
    ExperimentKind,
    ExperimentLook,
    ExperimentState,
)
from planner.models.outcomes_feedback import (
    SENTIMENTS,
    ClientLink,
    Feedback,
    FeedbackSource,
    FeedbackState,
)
from planner.models.outcomes_ideas import Idea, IdeaOutcome, IdeaState, IdeaVote, OutcomeKind
from planner.models.outcomes_metrics import (
    NUMBER_LARGEST,
    Metric,
    MetricKind,
    MetricPoint,
    MetricSubject,
)
from planner.models.outcomes_objectives import (
    SERVING,
    MeasureKind,
    Objective,
    ObjectiveLink,
    ObjectiveReading,
    ObjectiveSource,
    ObjectiveState,
)
from planner.models.outcomes_reports import (
    Every,
    MailFile,
    ReportKind,
    ReportSchedule,
    ReportSending,
    SentAs,
    StoppedBecause,
)
from planner.models.outcomes_templates import (
    FromTemplate,
    TeamTemplate,
    TemplateFact,
    TemplateUse,
    TemplateVersion,
)
from planner.models.planning import (
    Allocation,
    Ban,
    Booking,
    BookingKind,
    Decision,
    DecisionKind,
    Inquiry,
    InquiryKind,
    Job,
    JobState,
    Origin,
    PhaseStart,
    Plan,
    PlanState,
    Preset,
)
from planner.models.planning_agreement import (
    Agreement,
    AgreementState,
    NeedAnswer,
    NeedState,
    NeedStep,
    NeedStepKind,
    PlanReading,
    PlanStep,
    StepKind,
)
from planner.models.planning_scenarios import (
    FIRST_NEW,
    Scenario,
    ScenarioChange,
    ScenarioShare,
    ScenarioSubject,
    SubjectKind,
    SubjectState,
)
from planner.models.planning_versions import PlanVersion, VersionKind
from planner.models.sheets import SheetCopy, SheetKind, SheetReturn
from planner.models.staffing import (
    LARGEST,
    LEVEL_LARGEST,
    MINOR,
    RULE_WEIGHT_LARGEST,
    WEIGHT_LARGEST,
    CountKind,
    NeedSkill,
    NeedStyle,
    Phase,
    PhaseOrder,
    Project,
    RoleNeed,
    RuleKind,
    Seat,
    TeamRule,
    TeamRulePerson,
    Wish,
)
from planner.models.staffing_people import (
    Absence,
    AbsenceKind,
    CapacitySpan,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    RatingSource,
    Site,
    Skill,
    WorkStyle,
)
from planner.models.work_alerts import (
    Alert,
    AlertKind,
    AlertLook,
    AlertState,
    AlertStep,
    AlertStepKind,
)
from planner.models.work_talk import (
    DIGEST_HOUR,
    TALKED_ABOUT,
    Comment,
    Follow,
    Mention,
    Notification,
    NotificationChoice,
    NotificationKind,
    Way,
)
from planner.models.work_tasks import (
    RANK_STEP,
    ColumnMeaning,
    Iteration,
    PairKind,
    Task,
    TaskBoard,
    TaskColumn,
    TaskLine,
    TaskMove,
    TaskPair,
)

__all__ = [
    "CORRIDORS", "COVERED", "DIGEST_HOUR", "FIRST_NEW", "LARGEST", "LEVEL_LARGEST", "MINOR", "MOST_ARMS", "NOBODY",
    "NO_DIGEST", "NUMBER_LARGEST", "RANK_STEP", "RULE_WEIGHT_LARGEST", "SCOPES", "SENTIMENTS", "SERVING",
    "TALKED_ABOUT", "WEIGHT_LARGEST", "Absence", "AbsenceKind", "ActualEffort", "AdoptedCriterion", "AgreedRating",
    "Agreement", "AgreementState", "Alert", "AlertKind", "AlertLook", "AlertState", "AlertStep", "AlertStepKind",
    "Allocation", "ApiToken", "AskedFor", "Attachment", "AuditAction", "AuditEntry", "AuditHead", "Ban", "Base",
    "Booking", "BookingKind", "Candidate", "CandidateEvent", "CapacitySpan", "ClientLink", "ColumnMeaning",
    "Comment", "CountKind", "CriterionProposal", "DataRequest", "Decision", "DecisionKind", "DeliveryState", "Door",
    "EndedSession", "Erasure", "EventKind", "Every", "ExchangeRate", "Experiment", "ExperimentArm",
    "ExperimentKind", "ExperimentLook", "ExperimentState", "Feedback", "FeedbackSource", "FeedbackState",
    "FinishedWork", "Follow", "FromTemplate", "Hidden", "HireApproval", "HireDecision", "Idea", "IdeaOutcome",
    "IdeaState", "IdeaVote", "ImportDraft", "ImportMapping", "ImportState", "Inquiry", "InquiryKind", "Intake",
    "IntakeKind", "IntakeState", "Iteration", "Job", "JobState", "KeptAnswer", "LegalBasis", "LoginLink",
    "MailFile", "MeasureKind", "Mention", "Metric", "MetricKind", "MetricPoint", "MetricSubject", "NeedAnswer",
    "NeedSkill", "NeedState", "NeedStep", "NeedStepKind", "NeedStyle", "Notice", "NoticeShown", "Notification",
    "NotificationChoice", "NotificationKind", "Objective", "ObjectiveLink", "ObjectiveReading", "ObjectiveSource",
    "ObjectiveState", "Origin", "OutcomeKind", "OutgoingMail", "PairKind", "PastAllocation", "PeriodKind", "Person",
    "PersonKind", "PersonSkill", "PersonStyle", "Phase", "PhaseOrder", "PhaseStart", "PipelineColumn", "Plan",
    "PlanReading", "PlanState", "PlanStep", "PlanVersion", "Presence", "Preset", "Project", "ProposalState",
    "Purpose", "RatedKind", "Rating", "RatingSource", "Removal", "ReportKind", "ReportSchedule", "ReportSending",
    "Requisition", "RequisitionState", "RetentionRule", "RoleLikeness", "RoleName", "RoleNeed", "RuleKind",
    "Scenario", "ScenarioChange", "ScenarioShare", "ScenarioSubject", "Scorecard", "Seat", "SentAs", "SheetCopy",
    "SheetKind", "SheetLink", "SheetReturn", "Side", "Signature", "Site", "Skill", "Stage", "StepKind",
    "StoppedBecause", "SubjectKind", "SubjectState", "Task", "TaskBoard", "TaskColumn", "TaskLine", "TaskMove",
    "TaskPair", "TeamRule", "TeamRulePerson", "TeamTemplate", "TemplateFact", "TemplateUse", "TemplateVersion",
    "Terms", "UseOfData", "User", "UserRole", "VersionKind", "Way", "Webhook", "WebhookDelivery", "Wish",
    "WorkStyle", "Workspace", "chain_of_need", "chain_of_requisition", "fold", "fold_of_sqlite", "folded", "hidden",
    "masked", "now", "today",
]  # fmt: skip
