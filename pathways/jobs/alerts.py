"""What the clock does to alerts, every hour: by the time people arrive, the night's evaluation has been shared out."""

from pathways.operations import alert_clock


def tick() -> None:
    """Ends pauses, shows what the week's budget allows, reminds and tells further what is late."""
    alert_clock.tick()
