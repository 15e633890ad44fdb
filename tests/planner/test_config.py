from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from planner.config import BadSettings, from_environment

SECRET = "s" * 32


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"PLANNER_DATA_DIR": str(tmp_path)}


def test_everything_has_a_default(env: dict[str, str], tmp_path: Path) -> None:
    settings = from_environment(env)
    assert settings.database_url == f"sqlite:///{tmp_path / 'planner.db'}"
    assert settings.queue_url == str(tmp_path / "queue.db")
    assert not settings.is_production
    assert settings.base_url == "http://127.0.0.1:8000"


def test_secret_is_made_once_kept_beside_the_data_and_read_by_nobody_else(env: dict[str, str], tmp_path: Path) -> None:
    first, second = from_environment(env), from_environment(env)
    assert len(first.secret_key) >= 32
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE(os.stat(tmp_path / "secret-key").st_mode) == 0o600


@pytest.mark.parametrize("secret", ["", "short", "s" * 31])
def test_production_refuses_to_start_without_a_secret_key(env: dict[str, str], tmp_path: Path, secret: str) -> None:
    with pytest.raises(BadSettings, match="PLANNER_SECRET_KEY"):
        from_environment({**env, "PLANNER_ENV": "production", "PLANNER_SECRET_KEY": secret})
    assert not (tmp_path / "secret-key").exists()


def test_production_starts_with_one(env: dict[str, str]) -> None:
    said = {"PLANNER_ENV": "production", "PLANNER_SECRET_KEY": SECRET, "PLANNER_SERVER_NAME": "plan.example.com"}
    settings = from_environment({**env, **said})
    assert settings.is_production
    assert settings.secret_key == SECRET
    assert settings.base_url == "https://plan.example.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLANNER_ENV", "prod"),
        ("PLANNER_PORT", "80000"),
        ("PLANNER_PORT", "-1"),
        ("PLANNER_PORT", "٣"),
        ("PLANNER_UPLOAD_MB", "0"),
        ("PLANNER_TIME_LIMIT_S", "a minute"),
        ("PLANNER_QUEUE", "rabbit"),
        ("PLANNER_QUEUE", "postgres"),
        ("PLANNER_SERVER", "apache"),
        ("PLANNER_LOG_LEVEL", "loud"),
        ("PLANNER_SMTP_URL", "mail.example.com"),
        ("PLANNER_PROXIES", "many"),
    ],
)
def test_setting_that_makes_no_sense_is_named(env: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        from_environment({**env, name: value})


def test_mail_in_production_wants_the_name_that_its_links_carry(env: dict[str, str]) -> None:
    said = {"PLANNER_ENV": "production", "PLANNER_SECRET_KEY": SECRET, "PLANNER_SMTP_URL": "smtps://u:p@mail.example"}
    with pytest.raises(BadSettings, match="PLANNER_SERVER_NAME"):
        from_environment({**env, **said})


@pytest.mark.parametrize(
    ("queue", "url"),
    [("redis://cache:6379/1", "redis://cache:6379/1"), ("postgres", "postgresql://u@h/planner")],
)
def test_queue_is_one_setting(env: dict[str, str], queue: str, url: str) -> None:
    database = "postgresql+psycopg://u@h/planner"
    assert from_environment({**env, "PLANNER_QUEUE": queue, "PLANNER_DATABASE_URL": database}).queue_url == url
