"""The login's own view of the user table, for Flask-Security; the verbs know `models.User` and no web at all."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, UserMixin

from planner import db
from planner.config import Settings
from planner.models import Base, User


class Login(UserMixin, Base):
    """A user as Flask-Security reads and writes one: the same row as `models.User`."""

    __table__ = User.__table__


class _NoRole(RoleMixin):
    """Flask-Security's roles are not used: `access.py` says who may do what."""


class _Database:
    """What Flask-Security's datastore wants of a database: the request's session."""

    @property
    def session(self) -> Any:
        return db.session()


def init_app(app: Flask, settings: Settings) -> Security:
    """Puts login, password reset and TOTP on the app."""
    datastore = SQLAlchemyUserDatastore(_Database(), Login, _NoRole)
    return Security(app, datastore, register_blueprint=True)
