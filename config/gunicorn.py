"""gunicorn, the same everywhere. ``PATHWAYS_WEB_WORKERS`` and the address are all that differs."""

from __future__ import annotations

import os

from config.access_log import AccessLog
from pathways.server.process import forks_die_with_us

workers = int(os.environ.get("PATHWAYS_WEB_WORKERS") or 2)
worker_class = "gthread"
threads = 4
# A worker that holds a database connection through a slow client would be a way to stop the service.
timeout = 60
# Imported once, before the workers are forked; nothing is connected by then.
preload_app = True
graceful_timeout = 8
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# Heartbeat files in memory where there is some: a slow disk must not look like a hung worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes private files there
accesslog = "-"
# No query string and no referrer: both may carry a name.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
logger_class = AccessLog
loglevel = "warning"


# Every worker dies with the master, kill -9 included.
forks_die_with_us()
