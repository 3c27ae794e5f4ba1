"""What gunicorn writes of each request: never a secret that stands in an address."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from gunicorn.glogging import Logger

SECRETS = re.compile(r"(?<=^/ma-page/)[^/]+")
"""The link by which somebody opens their own page; query strings, which carry the others, are not written at all."""


class AccessLog(Logger):
    """gunicorn's own, with such secrets left out."""

    def atoms(self, resp: Any, req: Any, environ: MutableMapping[str, Any], request_time: Any) -> Any:
        told: Any = super().atoms(resp, req, environ, request_time)
        return {**told, "U": without_secrets(environ.get("PATH_INFO", "")), "r": "", "q": "", "f": ""}


def without_secrets(path: str) -> str:
    return SECRETS.sub("…", path)
