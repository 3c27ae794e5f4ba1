"""Telling users of their alerts, and sending the mail that waits."""

from flask import current_app

from config import Config
from pathways.operations import notifications
from pathways.queue import later


def tell() -> None:
    """Derives what is new from the alerts' log, and sends what presses."""
    if notifications.derive(_installation().public_url):
        later("notifications.send")


def digest() -> None:
    """This morning's summaries."""
    notifications.digest(_installation().public_url)
    later("notifications.send")


def send() -> None:
    """Every mail that waits; what a server refused waits longer each time."""
    notifications.send(_installation().post)


def _installation() -> Config:
    config: Config = current_app.extensions["pathways"]
    return config
