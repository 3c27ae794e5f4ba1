"""Pages are asked for as in ``tests.views``."""

from tests.views.conftest import app, client, sign_in

__all__ = ["app", "client", "sign_in"]
