"""The OpenAPI document. The page that shows it stands with the other pages."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Response, jsonify


def init_app(app: APIFlask) -> None:
    """Serves the document: it describes the API and holds no data, so anybody may read it."""

    def api_document() -> Response:
        return jsonify(app.spec)

    api_document.access_action = None  # type: ignore[attr-defined]
    app.get("/api/openapi.json", endpoint="api_document")(app.doc(hide=True)(api_document))
