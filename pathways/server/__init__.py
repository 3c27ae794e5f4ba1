"""What ``./run`` starts: embedded PostgreSQL and Valkey, supervisor, ticker. Knows nothing of the application."""

from pathways.server.embedded import DURABLE, TESTING, Embedded, Switches, embedded, missing_servers, servers_for
from pathways.server.errors import AlreadyRunning, ServerError
from pathways.server.lock import Holder, who_holds
from pathways.server.supervisor import Supervisor
from pathways.server.ticker import Periodic

__all__ = [
    "DURABLE",
    "TESTING",
    "AlreadyRunning",
    "Embedded",
    "Holder",
    "Periodic",
    "ServerError",
    "Supervisor",
    "Switches",
    "embedded",
    "missing_servers",
    "servers_for",
    "who_holds",
]
