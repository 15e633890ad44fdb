"""Terms of a requisition: each change has a number, two people sign it, and what changed is shown in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from corridor import Corridor, corridor
from databases import on_both
from pages import CheckedClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import RequisitionState, RoleName, Side, Signature, Skill, User
from planner.schemas.hiring_requisitions import CriteriaSaid, RequisitionSaid, SignatureSaid, StateSaid
from planner.services.hiring import requisitions, terms
from planner.services.refused import Refused


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


def criteria(**changes: object) -> CriteriaSaid:
    return CriteriaSaid.model_validate({"change_reason": "The brief has changed."} | changes)


def test_second_signature_opens_a_draft(session: Session, user: Callable[..., User]) -> None:
    pm, ops = user(RoleName.PROJECT_MANAGER), user(RoleName.OPERATIONS)
    draft = requisitions.add_requisition(session, RequisitionSaid(title="Lead"), by=pm)
    said = SignatureSaid(terms_number=1)
    terms.sign(session, draft, Side.OPERATIONS, said, draft.version, by=ops)
    assert (draft.state, terms.is_signed(draft)) == (RequisitionState.DRAFT, False)
    terms.sign(session, draft, Side.PROJECT, said, draft.version, by=pm)
    assert (draft.state, terms.is_signed(draft)) == (RequisitionState.OPEN, True)


def test_unsigned_draft_does_not_open(session: Session) -> None:
    draft = requisitions.add_requisition(session, RequisitionSaid(title="Lead"))
    with pytest.raises(Refused) as caught:
        requisitions.set_state(session, draft, StateSaid(state="open"), draft.version)
    assert caught.value.code == "terms_want_signatures"


def test_change_gets_a_number_that_is_signed_anew(session: Session, here: Corridor) -> None:
    requisition = here.requisition
    assert terms.is_signed(requisition)
    said = RequisitionSaid(title="Search lead", need_id=here.need.id, fte_pct=80)
    requisitions.edit_requisition(session, requisition, said, requisition.version, by=here.pm)
    assert [one.number for one in requisition.terms] == [1, 2]
    assert (requisition.terms[-1].changed_by, terms.is_signed(requisition)) == (here.pm.name, False)
    assert requisition.state is RequisitionState.OPEN


def test_edit_that_changes_nothing_keeps_the_number(session: Session, here: Corridor) -> None:
    requisition = here.requisition
    said = RequisitionSaid(title="Search lead", need_id=here.need.id, starts_on=requisition.starts_on)
    requisitions.edit_requisition(session, requisition, said, requisition.version, by=here.pm)
    assert terms.is_signed(requisition)


@pytest.mark.parametrize(
    ("number", "who", "code"),
    [(7, "pm", "terms_have_changed"), (1, "pm", "side_has_signed"), (1, "other", "side_has_signed")],
)
def test_signature_that_is_not_due_is_refused(
    session: Session, here: Corridor, user: Callable[..., User], number: int, who: str, code: str
) -> None:
    by = here.pm if who == "pm" else user(RoleName.EXECUTIVE)
    requisition = here.requisition
    said = SignatureSaid(terms_number=number)
    with pytest.raises(Refused) as caught:
        terms.sign(session, requisition, Side.PROJECT, said, requisition.version, by=by)
    assert caught.value.code == code


def test_one_person_does_not_sign_for_both_sides(session: Session, user: Callable[..., User]) -> None:
    both = user(RoleName.ADMINISTRATOR)
    draft = requisitions.add_requisition(session, RequisitionSaid(title="Lead"), by=both)
    said = SignatureSaid(terms_number=1)
    terms.sign(session, draft, Side.PROJECT, said, draft.version, by=both)
    with pytest.raises(Refused) as caught:
        terms.sign(session, draft, Side.OPERATIONS, said, draft.version, by=both)
    assert caught.value.code == "two_people_sign"


@on_both
@pytest.mark.parametrize("side", list(Side))
def test_database_refuses_a_second_signature(session: Session, here: Corridor, side: Side) -> None:
    """Of one side, and of one person."""
    signed = here.requisition.terms[-1]
    session.add(Signature(terms_id=signed.id, side=side, by_id=here.pm.id, by_name="Somebody"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_criteria_are_said_anew(session: Session, here: Corridor) -> None:
    skill = Skill(key="seo", name="SEO")
    session.add(skill)
    session.flush()
    requisition = here.requisition
    said = criteria(skills=[{"skill_id": skill.id, "level": 4}], tags=["lang:fr", "lang:fr"], any_of=[["a", "b"]])
    requisitions.edit_criteria(session, requisition, said, requisition.version, by=here.ops)
    assert requisition.criteria == [
        {"skill": "seo", "level": 4, "must": True, "weight": 1},
        {"tag": "lang:fr", "must": True},
        {"any_of": ["a", "b"], "must": True},
    ]
    assert requisition.terms[-1].reason == "The brief has changed."


def test_skill_that_is_gone_is_refused_at_its_line(session: Session, here: Corridor) -> None:
    said = criteria(skills=[{"skill_id": 99, "level": 4}])
    with pytest.raises(Refused) as caught:
        requisitions.edit_criteria(session, here.requisition, said, here.requisition.version, by=here.ops)
    assert (caught.value.code, caught.value.field) == ("choice_is_not_there", "skills.0.skill_id")


def test_changes_name_what_differs_and_nothing_else() -> None:
    before = {"title": "Lead", "fte_pct": 80, "criteria": [{"skill": "seo", "level": 3}, {"tag": "lang:fr"}]}
    after = {"title": "Lead", "fte_pct": 100, "criteria": [{"skill": "seo", "level": 4}, {"any_of": ["b", "a"]}]}
    assert [(one.what, one.name) for one in terms.changes(before, after)] == [
        ("fte_pct", ""), ("skill", "seo"), ("tag", "lang:fr"), ("any_of", "a, b"),
    ]  # fmt: skip
    assert terms.changes(before, before) == []


def test_history_has_the_newest_first(session: Session, here: Corridor) -> None:
    requisition = here.requisition
    requisitions.edit_criteria(session, requisition, criteria(tags=["car"]), requisition.version, by=here.ops)
    told = [(one.number, [change.name for change in some]) for one, some in terms.history(requisition)]
    assert told == [(2, ["car"]), (1, [])]


# The pages


def test_pm_and_operations_sign_on_the_page(client_of: Callable[..., CheckedClient], session: Session) -> None:
    here = corridor(session)
    requisitions.edit_criteria(
        session, here.requisition, criteria(tags=["lang:fr"]), here.requisition.version, by=here.ops
    )
    session.commit()
    path = f"/requisitions/{here.requisition.id}"
    pm, ops = client_of(as_user=here.pm), client_of(as_user=here.ops)
    page = pm.get(path).text
    for words in ("Sign for the project", "terms 2", "French: not asked for → must", "The brief has changed."):
        assert words in page, words
    version = str(here.requisition.version)
    said = {"version": version, "terms_number": "2"}
    assert pm.send(f"{path}/sign-operations", said, page=path).status_code == 403
    assert pm.send(f"{path}/sign-project", said, page=path).status_code == 303
    assert ops.send(f"{path}/sign-operations", said, page=path).status_code == 409
    again = {**said, "version": str(int(version) + 1)}
    assert ops.send(f"{path}/sign-operations", again, page=path).status_code == 303
    assert "Both sides have signed" in ops.get(path).text


def test_criteria_are_typed_with_a_reason(ops: CheckedClient, session: Session) -> None:
    here = corridor(session)
    session.add(Skill(key="seo", name="SEO"))
    session.commit()
    path = f"/requisitions/{here.requisition.id}/criteria"
    typed = {
        "version": str(here.requisition.version), "skills-0-skill_id": "SEO", "skills-0-level": "4",
        "skills-0-is_must": "y", "skills-0-weight": "1", "tags-more": "native speaker", "change_reason": "New brief.",
    }  # fmt: skip
    assert ops.send(path, {**typed, "change_reason": ""}).status_code == 422
    assert "“native speaker”" in ops.send(path, {**typed, "add_row": "styles"}).text
    assert ops.send(path, typed).status_code == 303
    page = ops.get(f"/requisitions/{here.requisition.id}").text
    for words in ("SEO", "terms 2", "“native speaker”", "New brief."):
        assert words in page, words
