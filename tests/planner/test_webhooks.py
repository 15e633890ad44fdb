"""Webhooks: told what has changed, signed, again where they were away; never where they lead into this network."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from databases import on_both
from flask import Flask
from pages import CheckedClient
from programs import Program
from receiving import Receiver, receiving
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from planner import posting
from planner.jobs.telling import Telling
from planner.models import (
    Absence,
    AuditEntry,
    DeliveryState,
    Person,
    PersonKind,
    RoleName,
    Skill,
    User,
    Webhook,
    WebhookDelivery,
    now,
    today,
)
from planner.schemas.account_webhooks import EVENTS, WebhookSaid
from planner.services.account.webhooks import addresses, events, subscriptions, tries

PUBLIC = "https://hooks.example.com/planner"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def telling(app: Flask) -> Telling:
    engine: Engine = app.extensions["planner_engine"]
    return Telling(engine, threading.Event(), is_private_allowed=True)


def hook(session: Session, url: str = PUBLIC, *names: str, **changes: Any) -> Webhook:
    said = WebhookSaid(url=url, events=list(names or EVENTS), **changes)
    made = subscriptions.add_webhook(session, said, is_private_allowed=True)
    session.commit()
    return made


def bodies(session: Session) -> list[dict[str, Any]]:
    return [json.loads(text) for text in session.scalars(select(WebhookDelivery.body).order_by(WebhookDelivery.id))]


def add_skill(session: Session, key: str = "a") -> Skill:
    skill = Skill(key=key, name="Secret craft")
    session.add(skill)
    session.commit()
    return skill


@on_both
def test_change_and_its_event_stand_and_fall_together(session: Session) -> None:
    hook(session)
    session.add(Skill(key="b", name="B"))
    session.flush()
    session.rollback()
    assert bodies(session) == []
    skill = add_skill(session)
    (told,) = bodies(session)
    assert told.pop("id").startswith("evt_")
    assert told.pop("at") <= now().isoformat()
    assert told.pop("entry_id") > 0
    assert told == {
        "event": "skill.added", "noun": "skill", "row_id": skill.id, "row_last": skill.id,
        "path": f"/api/v1/skills/{skill.id}",
    }  # fmt: skip


def test_event_tells_nothing_about_anybody(session: Session) -> None:
    hook(session)
    person = Person(key="p", name="Zenobia Quartermaine", email="z@example.com", kind=PersonKind.EMPLOYEE)
    session.add(person)
    session.commit()
    person.name = "Zenobia Other"
    session.commit()
    assert [body["event"] for body in bodies(session)] == ["person.added", "person.changed"]
    assert "zenobia" not in json.dumps(bodies(session)).lower()


def test_only_what_was_chosen_is_told_and_only_to_who_is_on(session: Session) -> None:
    hook(session, PUBLIC, "skill.changed")
    hook(session, PUBLIC, "skill.added", is_active=False)
    skill = add_skill(session)
    skill.name = "Other"
    session.commit()
    assert [body["event"] for body in bodies(session)] == ["skill.changed"]


def test_what_hangs_on_a_row_is_a_change_of_it_once(session: Session) -> None:
    person = Person(key="p", name="P", kind=PersonKind.EMPLOYEE)
    session.add(person)
    session.commit()
    hook(session)
    person.absences += [Absence(from_on=today(), to_on=today()), Absence(from_on=today(), to_on=today())]
    session.commit()
    (told,) = bodies(session)
    assert (told["event"], told["row_id"]) == ("person.changed", person.id)


def test_rows_that_came_together_are_one_event(session: Session) -> None:
    hook(session)
    session.add_all([Skill(key=f"k{n}", name="S") for n in range(30)])
    session.commit()
    (told,) = bodies(session)
    assert told["row_last"] - told["row_id"] == 29
    assert told["path"] == "/api/v1/skills"


def test_events_are_of_the_nouns_that_the_api_shows(app: Flask) -> None:
    paths = {str(rule) for rule in app.url_map.iter_rules()}
    for _table, plural in events.NOUNS.values():
        assert f"/api/v1/{plural}" in paths
    assert {name.partition(".")[0] for name in EVENTS} == set(events.NOUNS)


def test_delivery_is_signed(session: Session, receiver: Receiver, telling: Telling) -> None:
    webhook = hook(session, f"{receiver.url}/in?from=planner")
    add_skill(session)
    assert telling.tell() == 1
    (got,) = receiver.got
    signed = f"{got.headers['Planner-Timestamp']}.{got.body}".encode()
    mac = hmac.new(webhook.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers["Planner-Signature"] == f"v1={mac}"
    assert abs(int(got.headers["Planner-Timestamp"]) - time.time()) < 60
    assert (got.path, got.headers["Planner-Event"]) == ("/in?from=planner", "skill.added")
    assert got.headers["Content-Type"] == "application/json"
    session.expire_all()
    one = session.scalars(select(WebhookDelivery)).one()
    assert (one.state, one.status, one.answer, one.attempts) == (DeliveryState.DELIVERED, 200, "thanks", 1)
    assert telling.tell() == 0


def test_who_is_away_is_told_again_later_and_not_for_ever(
    session: Session, receiver: Receiver, telling: Telling
) -> None:
    hook(session, receiver.url)
    receiver.answers = [(503, {}, b"x" * 9000)]
    add_skill(session)
    waits = []
    for number in range(1, tries.MOST_TRIES + 1):
        assert telling.tell() == 1
        assert telling.tell() == 0
        session.expire_all()
        one = session.scalars(select(WebhookDelivery)).one()
        assert (one.attempts, one.status, len(one.answer)) == (number, 503, tries.ANSWER_LONGEST)
        if one.next_at is not None:
            waits.append(one.next_at - now())
        session.execute(update(WebhookDelivery).values(next_at=now()))
        session.commit()
        if one.state is DeliveryState.FAILED:
            break
    assert number == tries.MOST_TRIES == 8
    assert len(receiver.got) == 8
    assert waits == sorted(waits)
    assert timedelta(hours=20) < sum(waits, timedelta()) < timedelta(hours=24)
    assert telling.tell() == 0


def test_redirect_is_not_followed(session: Session, receiver: Receiver, telling: Telling) -> None:
    hook(session, receiver.url)
    receiver.answers = [(307, {"Location": f"{receiver.url}/elsewhere"}, b"")]
    add_skill(session)
    telling.tell()
    assert [got.path for got in receiver.got] == ["/"]
    session.expire_all()
    assert session.scalars(select(WebhookDelivery)).one().state is DeliveryState.WAITING


def test_two_workers_do_not_send_twice(session: Session, receiver: Receiver, app: Flask) -> None:
    hook(session, receiver.url)
    for n in range(10):
        add_skill(session, f"k{n}")
    workers = [Telling(app.extensions["planner_engine"], threading.Event(), is_private_allowed=True) for _ in range(3)]
    threads = [threading.Thread(target=lambda w=worker: [w.tell() for _ in range(4)]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted({got.headers["Planner-Delivery"] for got in receiver.got}) == sorted(
        got.headers["Planner-Delivery"] for got in receiver.got
    )
    assert len(receiver.got) == 10


def test_try_of_a_worker_that_died_is_taken_up_again(session: Session) -> None:
    hook(session)
    add_skill(session)
    (ident,) = tries.due(session, 9)
    assert tries.take(session, ident) is not None
    session.commit()
    assert tries.due(session, 9) == []
    session.execute(update(WebhookDelivery).values(next_at=now()))
    assert tries.due(session, 9) == [ident]


def test_late_outcome_of_a_try_that_was_given_up_counts_no_more(session: Session) -> None:
    hook(session)
    add_skill(session)
    (ident,) = tries.due(session, 9)
    first = tries.take(session, ident)
    session.execute(update(WebhookDelivery).values(next_at=now()))
    second = tries.take(session, ident)
    assert first is not None
    assert second is not None
    tries.keep(session, first, tries.Outcome(500))
    tries.keep(session, second, tries.Outcome(200))
    assert session.get_one(WebhookDelivery, ident).state is DeliveryState.DELIVERED


def test_old_deliveries_are_forgotten_and_those_on_their_way_are_not(session: Session) -> None:
    hook(session)
    add_skill(session, "a")
    add_skill(session, "b")
    old = now() - tries.KEPT - timedelta(days=1)
    session.execute(update(WebhookDelivery).values(made_at=old))
    session.execute(update(WebhookDelivery).where(WebhookDelivery.id == 1).values(state=DeliveryState.DELIVERED))
    tries.forget_old(session)
    assert session.scalars(select(WebhookDelivery.id)).all() == [2]


# Where webhooks may lead


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
        "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "2001:db8::1", "fec0::1",
    ],
)  # fmt: skip
def test_address_of_a_network_is_not_public(address: str) -> None:
    assert not addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_address_of_the_internet_is_public(address: str) -> None:
    assert addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://LOCALHOST:8443/", "https://a.localhost/", "https://[::1]/",
        "https://169.254.169.254/latest/meta-data", "https://10.1.2.3/", "https://intranet/", "https://printer.local/",
        "https://metadata.google.internal/", "https://[::ffff:127.0.0.1]/", "http://hooks.example.com/",
    ],
)  # fmt: skip
def test_address_that_may_not_be_called_is_refused_at_its_field(
    client_of: Callable[..., CheckedClient], url: str
) -> None:
    client = client_of(RoleName.ADMINISTRATOR)
    said = {"url": url, "events": ["skill.added"], "csrf_token": client.token("/account/webhooks/add")}
    answer = client.post("/account/webhooks/add", data=said)
    assert answer.status_code == 409
    assert 'id="url-error"' in answer.text or "url" in answer.text


@pytest.mark.parametrize(
    ("found", "failure"),
    [
        (["10.0.0.5"], "address_refused"),
        (["93.184.216.34", "127.0.0.1"], "address_refused"),
        (["::ffff:127.0.0.1"], "address_refused"),
        (["2130706433"], None),
    ],
)
def test_name_that_leads_into_this_network_is_not_called(
    monkeypatch: pytest.MonkeyPatch, found: list[str], failure: str | None
) -> None:
    """Names are looked up at each try, all their addresses; a lookup that gives none at all is said so."""
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("it was called"))

    def looked_up(*_args: object, **_kwargs: object) -> list[Any]:
        if failure is None:
            raise socket.gaierror("no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    assert posting.post("https://rebind.example.com/", "{}", {}).failure == (failure or "name_not_known")


def test_address_that_was_looked_at_is_the_one_that_is_called(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """A name that leads elsewhere the next time it is asked for leads nowhere: it is asked for once."""
    port = int(receiver.url.rpartition(":")[2])
    turns = iter(["127.0.0.1", "10.0.0.1"])
    asked: list[str] = []

    def looked_up(host: str, *_args: object, **_kwargs: object) -> list[Any]:
        asked.append(host)
        address = next(turns) if host == "rebind.example.com" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    outcome = posting.post(f"http://rebind.example.com:{port}/", "{}", {}, is_private_allowed=True)
    assert outcome.status == 200
    assert asked.count("rebind.example.com") == 1
    assert receiver.got[0].headers["Host"] == f"rebind.example.com:{port}"


def test_plain_http_wants_the_setting(receiver: Receiver) -> None:
    assert posting.post(receiver.url, "{}", {}).failure == "not_secure"
    assert receiver.got == []


def test_nobody_there_is_said_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert posting.post(f"http://127.0.0.1:{port}/", "{}", {}, is_private_allowed=True).failure == "not_reached"


def test_server_that_takes_its_time_is_cut_off(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "ALTOGETHER_S", 0.2)
    waiting = threading.Event()
    receiver.wait = lambda: waiting.wait(60)
    began = time.monotonic()
    outcome = posting.post(receiver.url, "{}", {}, is_private_allowed=True)
    waiting.set()
    assert outcome.failure == "too_slow"
    assert time.monotonic() - began < 30, "it waited for the server"


def test_answer_that_is_none_is_not_understood() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"SSH-2.0-nothing of the web\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        port = server.getsockname()[1]
        outcome = posting.post(f"http://127.0.0.1:{port}/", "{}", {}, is_private_allowed=True)
        thread.join()
    assert outcome.failure == "not_understood"


# The pages and the API


def test_secret_is_shown_once_and_the_page_leads_on(client_of: Callable[..., CheckedClient], session: Session) -> None:
    client = client_of(RoleName.ADMINISTRATOR)
    said = {"url": PUBLIC, "events": ["skill.added", "person.changed"], "is_active": "y"}
    answer = client.post("/account/webhooks/add", data=said | {"csrf_token": client.token("/account/webhooks/add")})
    assert answer.status_code == 201
    webhook = session.scalars(select(Webhook)).one()
    assert webhook.secret in answer.text
    assert webhook.events == ["person.changed", "skill.added"]
    for path in (
        "/account/webhooks",
        f"/account/webhooks/{webhook.id}/edit",
        f"/account/webhooks/{webhook.id}/deliveries",
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert webhook.secret not in page.text


def test_test_event_and_sending_again_from_the_page(
    client_of: Callable[..., CheckedClient], session: Session, receiver: Receiver, telling: Telling
) -> None:
    client, webhook = client_of(RoleName.ADMINISTRATOR), hook(session, receiver.url)
    log = f"/account/webhooks/{webhook.id}/deliveries"
    client.post(f"/account/webhooks/{webhook.id}/ping", data={"csrf_token": client.token(log)})
    receiver.answers = [(500, {}, b"<b>broken</b>"), (200, {}, b"ok")]
    telling.tell()
    page = client.get(log).text
    assert "500" in page
    assert "&lt;b&gt;broken" in page
    one = session.scalars(select(WebhookDelivery)).one()
    client.post(f"{log}/{one.id}/again", data={"csrf_token": client.token(log)})
    telling.tell()
    assert [got.body for got in receiver.got] == [one.body] * 2
    assert json.loads(one.body)["event"] == "ping"
    assert "delivered" in client.get(log).text


def test_delivery_is_sent_again_for_its_own_webhook_only(
    client_of: Callable[..., CheckedClient], session: Session
) -> None:
    client, first, second = client_of(RoleName.ADMINISTRATOR), hook(session), hook(session)
    one = subscriptions.ping(session, first)
    session.commit()
    path = f"/account/webhooks/{second.id}/deliveries/{one.id}/again"
    assert client.post(path, data={"csrf_token": client.token("/account/webhooks")}).status_code == 404


def test_removing_a_webhook_drops_what_was_on_its_way(
    client_of: Callable[..., CheckedClient], session: Session
) -> None:
    client, webhook = client_of(RoleName.ADMINISTRATOR), hook(session)
    add_skill(session)
    path = f"/account/webhooks/{webhook.id}/remove"
    assert client.post(path, data={"csrf_token": client.token(path)}).status_code == 303
    assert session.scalars(select(Webhook)).all() == []
    assert session.scalars(select(WebhookDelivery)).all() == []


def test_webhooks_at_the_api_from_first_to_last(
    user: Callable[..., User], session: Session, receiver: Receiver, app: Flask, telling: Telling
) -> None:
    program = Program(app, user(RoleName.ADMINISTRATOR))
    made = program.post("/webhooks", {"url": PUBLIC, "events": ["skill.added"]})
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    path = f"/webhooks/{made.json['id']}"
    assert "secret" not in program.get(path).json
    changed = program.put(path, {"url": PUBLIC, "events": ["skill.added"], "note": "CRM"}, version=1)
    assert (changed.status_code, changed.json["note"]) == (200, "CRM")
    assert program.put(path, {"url": PUBLIC, "events": ["skill.added"]}, version=1).status_code == 412
    assert program.post(f"{path}/ping", {}).status_code == 202
    (sent,) = program.get(f"{path}/deliveries").json["items"]
    assert (sent["event"], sent["state"], sent["body"]["event"]) == ("ping", "waiting", "ping")
    assert program.post(f"{path}/deliveries/{sent['id']}/again", {}).status_code == 202
    assert program.delete(path, version=2).status_code == 200
    assert program.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "status"),
    [
        ({"url": "ftp://example.com/x"}, "url", 422), ({"url": "https://user:pw@example.com/"}, "url", 422),
        ({"url": "https://"}, "url", 422), ({"url": "https://exa mple.com/"}, "url", 422),
        ({"url": "https://example.com/#part"}, "url", 422), ({"url": "https://example.com:99999/"}, "url", 422),
        ({"url": "https://example.com\\@127.0.0.1/"}, "url", 422), ({"events": []}, "events", 422),
        ({"events": ["nobody.knows"]}, "events.0", 422), ({"url": "http://example.com/"}, "url", 409),
    ],
)  # fmt: skip
def test_bad_webhook_is_refused_at_its_field(
    user: Callable[..., User], app: Flask, changes: dict[str, Any], field: str, status: int
) -> None:
    program = Program(app, user(RoleName.ADMINISTRATOR))
    answer = program.post("/webhooks", {"url": PUBLIC, "events": ["skill.added"]} | changes)
    assert answer.status_code == status
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_secret_stands_in_no_entry_of_the_trail(session: Session) -> None:
    webhook = hook(session)
    found = session.scalars(select(AuditEntry).where(AuditEntry.noun == "webhook")).all()
    assert found
    assert webhook.secret not in repr([vars(entry) for entry in found])
