"""Pathways: one shared, dated record of each person's journey across orientation, training and employment schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config

__all__ = ["create_app"]


def create_app(config: Config | None = None) -> Flask:
    """Wire the application together. Opens no connection; without ``config`` the environment is read."""
    from flask import Flask

    from config import load
    from pathways import db, queue, views

    config = load() if config is None else config
    db.configure(config.database_url)
    queue.configure(config.redis_url)
    app = Flask("pathways")
    app.config.from_mapping(config.flask())
    app.extensions["pathways"] = config

    views.install(app)

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        db.remove()

    return app
