"""The application, a client and signing in, as the tests of pages have them."""

from tests.views.conftest import app, client, sign_in

__all__ = ["app", "client", "sign_in"]
