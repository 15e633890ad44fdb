"""What comes in about candidates: read within bounds, kept as a draft, taken only as a person confirms it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from corridor import Corridor, corridor
from markup import parse
from pages import CheckedClient
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from planner.exchange.resumes.cv import read_cv
from planner.exchange.resumes.json_resume import read_json_resume
from planner.models import Attachment, Candidate, Intake, IntakeKind, IntakeState, NoticeShown, RatingSource, Skill
from planner.schemas.hiring_intake import ConfirmedSaid, IntakeSaid
from planner.schemas.hiring_rights import NoticeSaid
from planner.services.hiring import applications, intake, notices
from planner.services.refused import Refused, Stale

RESUME = {
    "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
    "basics": {
        "name": "Zoé Ångström", "label": "Search lead", "email": "zoe@example.com", "image": "https://x/z.jpg",
        "phone": "+33 1", "summary": "Ten years of search.", "location": {"postalCode": "75011", "city": "Paris"},
        "pronouns": "she",
    },
    "work": [{"name": "Nord", "position": "SEO lead", "startDate": "2020-01", "summary": "Audits."}, "nonsense"],
    "education": [{"institution": "HEC", "endDate": "2014"}],
    "skills": [{"name": "SEO", "level": "Master", "keywords": ["Google Ads", "Juggling", 7]}, {"name": ["x"]}],
    "languages": [{"language": "French", "fluency": "Native speaker"}],
    "hobbies": ["chess"],
}  # fmt: skip
TEXT = "Zoé Ångström\nSearch lead\nzoe@example.com\nI know SEO and Google Ads. SEOs are people."


@pytest.fixture
def here(session: Session) -> Corridor:
    here = corridor(session)
    session.add_all([Skill(key="seo", name="SEO"), Skill(key="ads", name="Search ads", aliases=["Google Ads", "SEA"])])
    session.commit()
    return here


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode()


def pdf(text: str = TEXT, password: str = "") -> bytes:
    """A PDF with these lines, made by hand: what the product prints is read elsewhere."""
    lines = "".join(f"({line.encode('latin-1', 'replace').decode('latin-1')}) Tj T*\n" for line in text.split("\n"))
    content = f"BT /F1 12 Tf 50 700 Td 14 TL\n{lines}ET".encode("latin-1")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, part)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    if not password:
        return bytes(out)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(bytes(out))))
    writer.encrypt(password, algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()


def docx(text: str = TEXT) -> bytes:
    from docx import Document

    document, data = Document(), io.BytesIO()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "In a table"
    document.save(data)
    return data.getvalue()


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (80 * 2**20))
    return data.getvalue()


# JSON Resume


def test_json_resume_is_taken_as_far_as_it_goes() -> None:
    draft = read_json_resume(as_json(RESUME))
    assert (draft["fault"], draft["name"], draft["email"]) == ("", "Zoé Ångström", "zoe@example.com")
    assert (draft["skills"], draft["languages"]) == (["SEO", "Google Ads", "Juggling"], ["French"])
    assert "SEO lead · Nord · 2020-01" in draft["text"]


def test_rest_is_listed_with_its_reason() -> None:
    left_out = {tuple(pair) for pair in read_json_resume(as_json(RESUME))["left_out"]}
    assert left_out == {
        ("basics.image", "protected"), ("basics.location", "protected"), ("basics.phone", "protected"),
        ("education", "protected"), ("basics.pronouns", "unknown"), ("hobbies", "unknown"), ("skills.0.level", "level"),
        ("work.1", "not_as_expected"), ("skills.1.name", "not_as_expected"),
    }  # fmt: skip


def test_nothing_that_is_protected_is_in_the_draft() -> None:
    draft = {name: value for name, value in read_json_resume(as_json(RESUME)).items() if name != "left_out"}
    for secret in ("75011", "Paris", "z.jpg", "HEC", "2014", "she", "+33"):
        assert secret not in json.dumps(draft, ensure_ascii=False), secret


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"{", "not_json"), (b"[]", "not_a_json_resume"), (b'"x"', "not_a_json_resume"), (b"{}", "not_a_json_resume"),
        (b"\xff\xfe{}", "not_json"), (b"[" * 100_000, "not_json"), (as_json({"basics": 7}), ""),
        (as_json({"work": {"a": 1}, "skills": None}), ""),
    ],
)  # fmt: skip
def test_what_is_no_json_resume_is_said(data: bytes, fault: str) -> None:
    assert read_json_resume(data)["fault"] == fault


# CVs


@pytest.mark.parametrize("data", [pdf(), docx(), TEXT.encode(), TEXT.encode("cp1252")])
def test_cv_of_each_kind_gives_the_same(data: bytes) -> None:
    draft = read_cv(data)
    assert (draft["fault"], draft["name"], draft["email"]) == ("", "Zoé Ångström", "zoe@example.com")
    assert "Google Ads" in draft["text"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (pdf(password="secret"), "cv_is_encrypted"),
        (b"%PDF-1.7 nothing", "cv_is_damaged"),
        (pdf(text=""), "cv_has_no_text"),
        (b"PK\x03\x04 broken", "cv_is_damaged"),
        (bomb(), "cv_unpacks_too_large"),
        (b"\x00\x01\x02" * 50, "cv_is_no_document"),
        (b"", "cv_has_no_text"),
    ],
)  # fmt: skip
def test_cv_that_cannot_be_read_is_said(data: bytes, fault: str) -> None:
    assert read_cv(data)["fault"] == fault


def test_file_is_read_in_a_child_within_its_bounds() -> None:
    kind, draft = intake.read(pdf(), "cv.pdf")
    assert (kind, draft["name"]) == (IntakeKind.CV, "Zoé Ångström")
    assert intake.read(as_json(RESUME), "resume.json")[0] is IntakeKind.JSON_RESUME
    with pytest.raises(Refused) as caught:
        intake.read(b"0" * (intake.MOST_BYTES + 1), "cv.pdf")
    assert (caught.value.code, caught.value.field) == ("cv_too_large", "file")


# Matching


def test_skills_are_matched_by_name_and_alias_and_no_level_is_guessed(session: Session, here: Corridor) -> None:
    matched, unknown = intake.matched_skills(session, {"skills": ["seo", "google ads", "Juggling"], "text": ""})
    assert [(one.skill.key, one.is_sure) for one in matched] == [("ads", True), ("seo", True)]
    assert unknown == ["Juggling"]


def test_skills_are_found_as_whole_words_in_a_text(session: Session, here: Corridor) -> None:
    keys = lambda text: {one.skill.key for one in intake.matched_skills(session, {"text": text})[0]}  # noqa: E731
    assert keys(TEXT) == {"seo", "ads"}
    assert keys("SEOs and seoul") == set()


# Confirming


def waiting(session: Session, here: Corridor, **draft: Any) -> Intake:
    said = IntakeSaid(requisition_id=here.requisition.id)
    whole = {**read_json_resume(as_json(RESUME)), **draft}
    kept = intake.keep(session, said, IntakeKind.CV, whole, data=b"%PDF", file_name="zoe.pdf", by=here.ops)
    session.commit()
    return kept


def confirmed(**changes: Any) -> ConfirmedSaid:
    return ConfirmedSaid.model_validate({"name": "Zoé Ångström", "email": "zoe@example.com"} | changes)


def test_confirmed_draft_becomes_a_candidate_with_the_file(session: Session, here: Corridor) -> None:
    kept, seo = waiting(session, here), session.scalars(select(Skill.id).where(Skill.key == "seo")).one()
    said = confirmed(skills=[{"skill_id": seo, "level": 3}], requisition_id=here.requisition.id)
    candidate = intake.confirm(session, kept, said, kept.version, by=here.ops)
    session.commit()
    assert [(row.level, row.source) for row in candidate.person.skills] == [(3, RatingSource.CV)]
    assert [row.name for row in intake.attachments_of(session, candidate)] == ["zoe.pdf"]
    assert (kept.state, kept.draft, kept.data, kept.candidate_id) == (IntakeState.CONFIRMED, {}, None, candidate.id)
    with pytest.raises(Refused):
        intake.confirm(session, kept, said, kept.version, by=here.ops)


def test_file_is_read_beside_the_forms(ops: CheckedClient, session: Session, here: Corridor) -> None:
    path = f"/candidates/{here.candidate.id}"
    session.add(Attachment(candidate_id=here.candidate.id, name="cy.pdf", text="Ten years of search.", data=b"%PDF"))
    session.commit()
    for page in (path, f"{path}/edit", f"{path}/scorecard"):
        shown = ops.get(page).text
        assert "cy.pdf" in shown, page
        assert "Ten years of search." in shown, page


def test_known_address_wants_a_choice(session: Session, here: Corridor) -> None:
    here.candidate.person.email = "ZOE@example.com"
    session.commit()
    kept = waiting(session, here)
    with pytest.raises(Refused) as caught:
        intake.confirm(session, kept, confirmed(), kept.version, by=here.ops)
    assert (caught.value.code, caught.value.field) == ("email_is_known", "email")
    session.rollback()
    other = intake.confirm(session, kept, confirmed(is_another_person=True), kept.version, by=here.ops)
    assert other is not here.candidate


def test_merging_adds_and_overwrites_nothing(session: Session, here: Corridor) -> None:
    seo, ads = session.scalars(select(Skill.id).order_by(Skill.id)).all()
    person = here.candidate.person
    here.candidate.note, person.email = "Before.", "old@example.com"
    kept = waiting(session, here)
    said = confirmed(
        name="Somebody", merge_into=here.candidate.id, languages=["fr"], note="After.",
        skills=[{"skill_id": seo, "level": 5}, {"skill_id": ads, "level": 2}],
    )  # fmt: skip
    merged = intake.confirm(session, kept, said, kept.version, by=here.ops)
    assert merged is here.candidate
    assert (person.name, person.email, merged.note) == ("Cy Ngô", "old@example.com", "Before.\n\nAfter.")
    again = waiting(session, here)
    said = confirmed(merge_into=here.candidate.id, skills=[{"skill_id": seo, "level": 1}])
    intake.confirm(session, again, said, again.version, by=here.ops)
    assert sorted((row.skill_id, row.level) for row in person.skills) == [(seo, 5), (ads, 2)]


def test_dropped_draft_leaves_nothing(session: Session, here: Corridor) -> None:
    kept = waiting(session, here)
    with pytest.raises(Stale):
        intake.drop(session, kept, None)
    intake.drop(session, kept, kept.version)
    assert (kept.state, kept.draft, kept.data, kept.file_name) == (IntakeState.DROPPED, {}, None, "")


# The pages


def test_file_becomes_a_candidate_on_the_page(ops: CheckedClient, session: Session, here: Corridor) -> None:
    sent = {"requisition_id": str(here.requisition.id), "file": (io.BytesIO(pdf()), "zoe.pdf")}
    answer = ops.send("/intake/add", sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    page = ops.get(answer.location).text
    for words in ("Zoé Ångström", "zoe@example.com", "read as “seo”", "As it was read"):
        assert words in page, words
    form = next(form.values() for form in parse(page).forms() if "skills-0-level" in form.values())
    assert (form["skills-0-level"], form["skills-1-level"]) == ("", "")
    form["skills-1-level"] = "3"
    assert ops.post(answer.location, data=form).status_code == 303
    session.rollback()
    candidate = session.scalars(select(Candidate).order_by(Candidate.id.desc())).first()
    assert candidate is not None
    assert [row.level for row in candidate.person.skills] == [3]
    assert session.scalars(select(Attachment.name)).all() == ["zoe.pdf"]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (pdf(password="secret"), "cv.pdf", "protected by a password"), (bomb(), "cv.docx", "unpacks to more"),
        (b"{", "resume.json", "cannot be read as such"), (b"%PDF broken", "cv.pdf", "is damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "photo.png", "Choose a PDF"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read_is_told_at_its_field(
    ops: CheckedClient, session: Session, here: Corridor, data: bytes, name: str, words: str
) -> None:
    sent = {"file": (io.BytesIO(data), name)}
    refused = ops.send("/intake/add", sent, content_type="multipart/form-data")
    assert refused.status_code in (409, 422)
    found = re.search(r'id="file-error">([^<]*)<', refused.text)
    assert found is not None
    assert words in found[1]
    assert session.scalars(select(Intake)).all() == []


def test_file_beyond_all_measure_is_told_at_its_field(ops: CheckedClient, session: Session, here: Corridor) -> None:
    token = ops.token("/intake/add")
    boundary, sent = encode_multipart(
        {"csrf_token": token, "file": FileStorage(io.BytesIO(b"0" * (80 * 2**20)), "cv.pdf")}
    )
    refused = ops.post("/intake/add", data=sent, content_type=f"multipart/form-data; boundary={boundary}")
    assert refused.status_code == 422
    assert "larger than 12 MB" in refused.text


def test_pasted_text_is_read(ops: CheckedClient, here: Corridor) -> None:
    answer = ops.send("/intake/add", {"text": TEXT})
    assert answer.status_code == 303
    assert "Zoé Ångström" in ops.get(answer.location).text
    assert ops.send("/intake/add", {"text": " "}).status_code == 409


# The application page


@pytest.fixture
def address(session: Session, here: Corridor) -> str:
    notices.publish(session, NoticeSaid(text="We use what you send us for this job only, for six months."), by=here.ops)
    applications.switch(session, here.requisition, is_on=True)
    session.commit()
    return f"/apply/{here.requisition.apply_token}"


def applied(**changes: Any) -> dict[str, Any]:
    return {"name": "Zoé Ångström", "email": "zoe@example.com", "message": "Hello.", "has_read_notice": "y"} | changes


def test_page_is_off_until_it_is_switched_on(
    client_of: Callable[..., CheckedClient], session: Session, here: Corridor
) -> None:
    assert client_of().get("/apply/None").status_code == 404
    with pytest.raises(Refused) as caught:
        applications.switch(session, here.requisition, is_on=True)
    assert caught.value.code == "notice_is_missing"


def test_application_waits_with_the_notice_that_was_shown(
    client_of: Callable[..., CheckedClient], session: Session, here: Corridor, address: str
) -> None:
    anybody = client_of()
    assert "for six months" in anybody.get(address).text
    sent = applied(file=(io.BytesIO(pdf()), "zoe.pdf"))
    assert anybody.send(address, sent, content_type="multipart/form-data").status_code == 303
    kept = session.scalars(select(Intake)).one()
    assert (kept.kind, kept.draft["name"], kept.message) == (IntakeKind.APPLICATION, "Zoé Ångström", "Hello.")
    candidate = intake.confirm(session, kept, confirmed(), kept.version, by=here.ops)
    assert session.scalars(select(NoticeShown.how).where(NoticeShown.candidate_id == candidate.id)).all() == [
        "application"
    ]


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"has_read_notice": ""}, 409), ({"email": ""}, 422), ({"email": "x"}, 422), ({"name": ""}, 422)],
)
def test_application_that_says_too_little_is_refused(
    client_of: Callable[..., CheckedClient], session: Session, address: str, changes: dict[str, str], status: int
) -> None:
    assert client_of().send(address, applied(**changes)).status_code == status
    assert session.scalars(select(Intake)).all() == []


def test_program_that_fills_in_every_field_learns_nothing(
    client_of: Callable[..., CheckedClient], session: Session, address: str
) -> None:
    assert client_of().send(address, applied(website="https://spam")).status_code == 303
    assert session.scalars(select(Intake)).all() == []


def test_closed_requisition_takes_no_application(
    client_of: Callable[..., CheckedClient], session: Session, here: Corridor, address: str
) -> None:
    here.requisition.state = type(here.requisition.state).CLOSED
    session.commit()
    assert client_of().get(address).status_code == 404
