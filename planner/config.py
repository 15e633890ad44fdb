"""Settings, all read from the environment, each with an embedded default."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

MEBIBYTE = 2**20
SECRET_SHORTEST = 32
LOG_LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR")
SERVERS = ("waitress", "gunicorn")


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
    server: str = "waitress"
    server_name: str = ""
    num_proxies: int = 0
    upload_limit: int = 16 * MEBIBYTE
    num_workers: int = 2
    time_limit_s: int = 20
    ratelimit_storage: str = "memory://"
    is_ratelimited: bool = True
    smtp_url: str = ""
    is_webhook_private_allowed: bool = False
    mail_sender: str = "planner@localhost"
    log_level: str = "INFO"
    session_idle: timedelta = timedelta(hours=12)
    session_longest: timedelta = timedelta(days=30)

    @property
    def queue_url(self) -> str:
        """Where the queue lives: a file beside the database, the database's own server, or a Redis."""
        if self.queue == "sqlite":
            return str(self.data_dir / "queue.db")
        if self.queue == "postgres":
            return self.database_url.replace("+psycopg", "")
        return self.queue

    @property
    def base_url(self) -> str:
        """The address by which a browser reaches the product."""
        scheme = "https" if self.is_production else "http"
        host = {"0.0.0.0": "localhost", "::": "localhost"}.get(self.host, self.host)  # noqa: S104 -- read, not bound
        place = f"[{host}]" if ":" in host else host
        return f"{scheme}://{self.server_name}" if self.server_name else f"http://{place}:{self.port}"


def from_environment(env: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings. Raises BadSettings, in production above all where no secret key is set."""
    env = os.environ if env is None else env
    data_dir = Path(env.get("PLANNER_DATA_DIR", "instance")).expanduser().resolve()
    is_production = _choice(env, "PLANNER_ENV", ("", "development", "production")) == "production"
    settings = Settings(
        data_dir=data_dir,
        database_url=env.get("PLANNER_DATABASE_URL", "") or f"sqlite:///{data_dir / 'planner.db'}",
        queue=env.get("PLANNER_QUEUE", "sqlite"),
        secret_key=_secret(env, data_dir, is_production=is_production),
        is_production=is_production,
        host=env.get("PLANNER_HOST", "127.0.0.1"),
        port=_whole(env, "PLANNER_PORT", 8000, 0, 65535),
        server=_choice(env, "PLANNER_SERVER", SERVERS),
        server_name=env.get("PLANNER_SERVER_NAME", ""),
        num_proxies=_whole(env, "PLANNER_PROXIES", 0, 0, 10),
        upload_limit=_whole(env, "PLANNER_UPLOAD_MB", 16, 1, 1024) * MEBIBYTE,
        num_workers=_whole(env, "PLANNER_SOLVER_WORKERS", min(os.cpu_count() or 2, 8), 1, 256),
        time_limit_s=_whole(env, "PLANNER_TIME_LIMIT_S", 20, 1, 86400),
        ratelimit_storage=env.get("PLANNER_RATELIMIT_STORAGE", "memory://"),
        smtp_url=env.get("PLANNER_SMTP_URL", ""),
        mail_sender=env.get("PLANNER_MAIL_SENDER", "planner@localhost"),
        is_webhook_private_allowed=_choice(env, "PLANNER_WEBHOOK_PRIVATE", ("no", "yes")) == "yes",
        log_level=_choice(env, "PLANNER_LOG_LEVEL", LOG_LEVELS if is_production else ("WARNING", *LOG_LEVELS)),
        session_idle=timedelta(hours=_whole(env, "PLANNER_SESSION_HOURS", 12, 1, 24 * 30)),
    )
    _require_sense(settings)
    return settings


def _require_sense(settings: Settings) -> None:
    """Raises BadSettings where settings that are right by themselves do not go together."""
    if settings.queue not in ("sqlite", "postgres") and not settings.queue.startswith(("redis://", "rediss://")):
        raise BadSettings(f"PLANNER_QUEUE is sqlite, postgres or a redis:// URL, not {settings.queue!r}.")
    if settings.queue == "postgres" and not settings.database_url.startswith("postgresql"):
        raise BadSettings("PLANNER_QUEUE=postgres wants PLANNER_DATABASE_URL to be a postgresql+psycopg:// URL.")
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in ("smtp", "smtps"):
        raise BadSettings("PLANNER_SMTP_URL is smtp://user:password@host:587 or smtps://user:password@host:465.")
    if settings.is_production and settings.smtp_url and not settings.server_name:
        raise BadSettings(
            "Mail carries links: set PLANNER_SERVER_NAME, the host name by which this planner is reached."
        )


def _secret(env: Mapping[str, str], data_dir: Path, *, is_production: bool) -> str:
    """The key that signs cookies and links. Raises BadSettings where production has none worth the name."""
    secret = env.get("PLANNER_SECRET_KEY", "")
    if is_production and len(secret) < SECRET_SHORTEST:
        raise BadSettings(
            f"In production PLANNER_SECRET_KEY must be set, to {SECRET_SHORTEST} characters or more; "
            'for one, run: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return secret or _kept_secret(data_dir)


def _kept_secret(data_dir: Path) -> str:
    """A secret made at the first start and kept beside the data, so that logins outlive a restart."""
    path = data_dir / "secret-key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:  # made by an earlier start, or by a worker that starts at the same moment
        pass
    return path.read_text(encoding="ascii").strip()


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "") or str(default)
    if not (text.isascii() and text.isdecimal()) or not low <= int(text) <= high:
        raise BadSettings(f"{name} is a whole number from {low} to {high}, not {text!r}.")
    return int(text)


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed texts, the first where nothing is set."""
    text = env.get(name, "") or allowed[0]
    if text not in allowed:
        words = dict.fromkeys(word for word in allowed if word)
        raise BadSettings(f"{name} is one of {', '.join(words)}; not {text!r}.")
    return text
