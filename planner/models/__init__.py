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
from planner.models.declarative import Base, now
from planner.models.folding import fold, fold_of_sqlite, folded
from planner.models.hiding import NOBODY, Hidden, hidden
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

__all__ = [
    "CORRIDORS", "LARGEST", "LEVEL_LARGEST", "MINOR", "NOBODY", "RULE_WEIGHT_LARGEST", "SCOPES", "WEIGHT_LARGEST",
    "Absence", "AbsenceKind", "AgreedRating", "Allocation", "ApiToken", "AskedFor", "Attachment", "Ban", "Base",
    "Booking", "BookingKind", "Candidate", "CandidateEvent", "CapacitySpan", "CountKind", "DataRequest", "Decision",
    "DecisionKind", "EndedSession", "Erasure", "EventKind", "ExchangeRate", "Hidden", "HireApproval", "HireDecision",
    "Inquiry", "InquiryKind", "Intake", "IntakeKind", "IntakeState", "Job", "JobState", "LegalBasis", "LoginLink",
    "NeedSkill", "NeedStyle", "Notice", "NoticeShown", "Origin", "OutgoingMail", "PeriodKind", "Person", "PersonKind",
    "PersonSkill", "PersonStyle", "Phase", "PhaseOrder", "PhaseStart", "PipelineColumn", "Plan", "PlanState", "Preset",
    "Project", "Purpose", "RatedKind", "Rating", "RatingSource", "Removal", "Requisition", "RequisitionState",
    "RetentionRule", "RoleName", "RoleNeed", "RuleKind", "Scorecard", "Seat", "SheetLink", "Side", "Signature", "Site",
    "Skill", "Stage", "TeamRule", "TeamRulePerson", "Terms", "UseOfData", "User", "UserRole", "Wish", "WorkStyle",
    "Workspace", "chain_of_need", "chain_of_requisition", "fold", "fold_of_sqlite", "folded", "hidden", "now", "today",
]  # fmt: skip
