"""Structured logs to stderr: lines of JSON, or words in colour on a terminal; never a secret."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request, session
from structlog.typing import EventDict, Processor, WrappedLogger

from planner.config import Settings

SECRET_WORDS = ("password", "secret", "token", "cookie", "authorization", "csrf", "code", "key", "smtp_url")
HIDDEN = "…"
log = structlog.get_logger("planner.request")


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blanks every value whose name says that it is a secret."""
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = HIDDEN
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_secrets,
]


class _ToStderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is when a line comes, not to what it was at the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def set_up(settings: Settings) -> None:
    """Sends our own lines and those of the libraries to stderr, in one form."""
    _speak_through_logging()
    handler = _ToStderr()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=_rendering()))
    root = logging.getLogger()
    root.handlers = [*(other for other in root.handlers if not isinstance(other, _ToStderr)), handler]
    root.setLevel(settings.log_level)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def _rendering() -> list[Processor]:
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if sys.stderr.isatty():
        return [strip, structlog.dev.ConsoleRenderer()]
    without_locals = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)  # they may hold a secret
    return [strip, structlog.processors.ExceptionRenderer(without_locals), structlog.processors.JSONRenderer()]


def _speak_through_logging() -> None:
    """Our lines go where the standard library's go: nowhere, until somebody sets that up."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def init_app(app: Flask) -> None:
    """One line for each answer: the rule and not the path, since a path may carry a secret."""
    _speak_through_logging()
    app.before_request(_note_start)
    app.after_request(_say_answer)


def _note_start() -> None:
    g.started_at = time.perf_counter()


def _say_answer(response: Response) -> Response:
    if request.endpoint != "static":
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        log.log(level, "answer", **_facts(response))
    return response


def _facts(response: Response) -> dict[str, Any]:
    started_at = g.get("started_at")
    return {
        "method": request.method,
        "rule": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round((time.perf_counter() - started_at) * 1000) if started_at is not None else None,
        "is_logged_in": "_user_id" in session,
    }
