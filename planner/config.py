"""Settings, all read from the environment, each with an embedded default."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 2**20


class BadSettings(ValueError):
    """Settings with which the product may not start; the message says which and why."""


@dataclass(frozen=True)
class Settings:
    """Everything that an operator can set; sizes in bytes, times in seconds."""

    data_dir: Path
    database_url: str
    queue: str = "sqlite"
    secret_key: str = ""
    is_production: bool = False
    is_testing: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    server_name: str = ""
    upload_limit: int = 16 * MEBIBYTE
    num_workers: int = 2
    time_limit_s: int = 20
    ratelimit_storage: str = "memory://"
    is_ratelimited: bool = True
    smtp_url: str = ""
    mail_sender: str = "planner@localhost"
    log_level: str = "INFO"

    @property
    def queue_url(self) -> str:
        """Where the queue lives: a file beside the database, the database's own server, or a Redis."""
        if self.queue == "sqlite":
            return str(self.data_dir / "queue.db")
        if self.queue == "postgres":
            return self.database_url.replace("+psycopg", "")
        return self.queue


def from_environment(env: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings. Raises BadSettings, in production above all where no secret key is set."""
    env = os.environ if env is None else env
    data_dir = Path(env.get("PLANNER_DATA_DIR", "instance")).expanduser().resolve()
    is_production = env.get("PLANNER_ENV", "") == "production"
    secret = env.get("PLANNER_SECRET_KEY", "")
    if is_production and len(secret) < 32:
        raise BadSettings("In production PLANNER_SECRET_KEY must be set, to 32 characters or more.")
    queue = env.get("PLANNER_QUEUE", "sqlite")
    if queue not in ("sqlite", "postgres") and not queue.startswith(("redis://", "rediss://")):
        raise BadSettings(f"PLANNER_QUEUE is sqlite, postgres or a redis:// URL, not {queue!r}.")
    database_url = env.get("PLANNER_DATABASE_URL", f"sqlite:///{data_dir / 'planner.db'}")
    if queue == "postgres" and not database_url.startswith("postgresql"):
        raise BadSettings(
            "PLANNER_QUEUE=postgres wants PLANNER_DATABASE_URL to be a postgresql+psycopg:// URL."
        )
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        queue=queue,
        secret_key=secret or _kept_secret(data_dir),
        is_production=is_production,
        host=env.get("PLANNER_HOST", "127.0.0.1"),
        port=_whole(env, "PLANNER_PORT", 8000, 0, 65535),
        server_name=env.get("PLANNER_SERVER_NAME", ""),
        upload_limit=_whole(env, "PLANNER_UPLOAD_MB", 16, 1, 1024) * MEBIBYTE,
        num_workers=_whole(env, "PLANNER_SOLVER_WORKERS", min(os.cpu_count() or 2, 8), 1, 256),
        time_limit_s=_whole(env, "PLANNER_TIME_LIMIT_S", 20, 1, 86400),
        ratelimit_storage=env.get("PLANNER_RATELIMIT_STORAGE", "memory://"),
        smtp_url=env.get("PLANNER_SMTP_URL", ""),
        mail_sender=env.get("PLANNER_MAIL_SENDER", "planner@localhost"),
        log_level=env.get("PLANNER_LOG_LEVEL", "INFO"),
    )


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or not low <= int(text) <= high:
        raise BadSettings(f"{name} is a whole number from {low} to {high}, not {text!r}.")
    return int(text)


def _kept_secret(data_dir: Path) -> str:
    """A secret made at the first start and kept beside the data, so that logins outlive a restart."""
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
