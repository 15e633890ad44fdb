"""What every test may ask for: settings, a migrated database, the application, and clients that check each page."""

from __future__ import annotations

import signal
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import rows
from databases import DATABASES, DEFAULT
from flask import Flask
from hypothesis import HealthCheck
from jinja2.bccache import Bucket, BytecodeCache
from pages import CheckedClient
from programs import Program
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from planner import create_app
from planner.config import Settings
from planner.models import RoleName, User, UserRole, Workspace, now, today

pytest_plugins = ["steady", "pytester"]
CLOSE_TO_MIDNIGHT = timedelta(seconds=60)


def _compile_rules_once() -> None:
    """Lets applications share what becomes of their rules: compiling them anew was most of what making one takes."""
    compile_rule: Callable[[Rule], None] = Rule.compile
    known: dict[tuple[Any, ...], dict[str, Any]] = {}

    def compile_once(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults))
        if key not in known:
            compile_rule(rule)
            parts = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            known[key] = parts | {name: getattr(rule, name).__func__ for name in ("_build", "_build_unknown")}
            return
        for name, value in known[key].items():
            setattr(rule, name, value.__get__(rule) if name in ("_build", "_build_unknown") else value)

    Rule.compile = compile_once  # type: ignore[method-assign]


class CompiledTemplates(BytecodeCache):
    """What templates compile to, for all applications of this process: each would compile them anew."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


_compile_rules_once()
# How long one draw or one example takes by the wall's clock says more of what else the machine does than of the code.
hypothesis.settings.register_profile("at leisure", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("at leisure")
Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
# What a shell starts in the background ignores Ctrl-C, and so would every program that a test starts and then stops.
signal.signal(signal.SIGINT, signal.default_int_handler)


def settings_for(folder: Path, **changes: object) -> Settings:
    """Settings of a test: everything in one folder with a migrated database of its own, no limits on how often."""
    plain = {
        "data_dir": folder,
        "database_url": changes.get("database_url") or DATABASES.url_for(folder),
        "secret_key": "t" * 40,
        "is_testing": True,
        "is_ratelimited": False,
    }
    return Settings(**{**plain, **changes})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """What this test's databases run on; a test that must hold on each says so by `on_both`."""
    DATABASES.kind = getattr(request, "param", DEFAULT)
    num_shared = len(DATABASES.made)
    yield DATABASES.kind
    DATABASES.drop_since(num_shared)
    DATABASES.kind = DEFAULT


@pytest.fixture(autouse=True)
def one_day() -> None:
    """Lets no test begin today that could end tomorrow: many say what is due today, and look at it later."""
    left = timedelta(1) - (now() - now().replace(hour=0, minute=0, second=0, microsecond=0))
    if left < CLOSE_TO_MIDNIGHT:
        time.sleep(left.total_seconds() + 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on an empty, set-up workspace."""
    app = create_app(settings)
    engine: Engine = app.extensions["planner_engine"]
    with Session(engine) as session:
        session.add(Workspace(id=1, name="Test", calendar_start_on=today(), set_up_at=now()))
        session.commit()
    yield app
    engine.dispose()


@pytest.fixture
def sessions(app: Flask) -> sessionmaker[Session]:
    return app.extensions["planner_sessions"]  # type: ignore[no-any-return]


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session of the test's own, beside the application's."""
    with sessions() as current:
        yield current


@pytest.fixture
def user(session: Session) -> Callable[..., User]:
    """Makes a user with these roles."""

    def make(*roles: RoleName, name: str = "", person_id: int | None = None) -> User:
        ident = uuid.uuid4().hex
        user = User(
            email=f"{ident[:8]}@example.com", name=name or ident[:8], fs_uniquifier=ident, person_id=person_id,
            granted=[UserRole(role=role) for role in roles],
        )  # fmt: skip
        session.add(user)
        session.commit()
        return user

    return make


@pytest.fixture
def ines(user: Callable[..., User]) -> User:
    """A project manager, by whom the records of `world` are."""
    return user(RoleName.PROJECT_MANAGER, name="Inès Roux")


@pytest.fixture
def omar(user: Callable[..., User]) -> User:
    """Somebody of operations."""
    return user(RoleName.OPERATIONS, name="Omar Diop")


@pytest.fixture
def world(session: Session, ines: User) -> dict[str, Any]:
    """A record of each kind that can be talked about, edited or removed, by name."""
    return rows.world(session, ines)


@pytest.fixture
def client_of(app: Flask, user: Callable[..., User]) -> Callable[..., CheckedClient]:
    """A client that is logged in with these roles; without any, nobody is."""
    app.test_client_class = CheckedClient

    def make(*roles: RoleName, as_user: User | None = None) -> CheckedClient:
        client = app.test_client()
        if roles or as_user:
            client.log_in(as_user or user(*roles))
        return client

    return make


@pytest.fixture
def ops(client_of: Callable[..., CheckedClient]) -> CheckedClient:
    return client_of(RoleName.OPERATIONS)


@pytest.fixture
def pm(client_of: Callable[..., CheckedClient]) -> CheckedClient:
    return client_of(RoleName.PROJECT_MANAGER)


@pytest.fixture
def program_of(app: Flask, user: Callable[..., User]) -> Callable[..., Program]:
    """A program whose token acts for a user with these roles, by default an operations one."""

    def make(*roles: RoleName, scopes: tuple[str, ...] = (), as_user: User | None = None) -> Program:
        return Program(app, as_user or user(*(roles or (RoleName.OPERATIONS,))), *scopes)

    return make


@pytest.fixture
def program(program_of: Callable[..., Program]) -> Program:
    return program_of()
