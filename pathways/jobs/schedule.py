"""Periodic work, as data: what the ticker asks for, and when."""

from datetime import time, timedelta

from pathways.server.ticker import Periodic

SCHEDULE = (
    # Days change at midnight in Paris: the night's evaluation is done when people arrive.
    Periodic("sweep.due", at=time(0, 10)),
    # Once the night's evaluation is done: who had left without anybody being warned.
    Periodic("backtests.look_back", at=time(1, 30)),
    # Pauses end, places free themselves, days by which to act go by.
    Periodic("alerts.tick", every=timedelta(hours=1)),
    # What the alerts' log says is told a few minutes later; summaries wait for people's arrival.
    Periodic("notifications.tell", every=timedelta(minutes=5)),
    Periodic("notifications.digest", at=time(7, 30)),
    Periodic("notifications.send", every=timedelta(minutes=10)),
    # What an import marked, or a night that did not run.
    Periodic("sweep.due", every=timedelta(minutes=10)),
)
