"""A house with alerts, as ``tests.alerts`` builds it, and pages as ``tests.views`` asks for them."""

from tests.alerts.conftest import house, later
from tests.views.conftest import app, client, sign_in

__all__ = ["app", "client", "house", "later", "sign_in"]
