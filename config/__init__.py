"""Configuration, read from the environment once.

``PATHWAYS_ENV`` names the kind of installation: ``development`` (what ``./run`` starts on its own servers), ``testing``
or ``production`` (the default as soon as somebody brings their own database).
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from config.base import Config, ConfigurationError
from config.development import Development
from config.production import Production
from config.testing import Testing

__all__ = ["Config", "ConfigurationError", "Development", "Production", "Testing", "load"]

KINDS: dict[str, type[Config]] = {"development": Development, "testing": Testing, "production": Production}


def load(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration the environment asks for, or ConfigurationError with every fault in one message."""
    environ = os.environ if environ is None else environ
    name = environ.get("PATHWAYS_ENV", "production")
    if name not in KINDS:
        raise ConfigurationError([f"PATHWAYS_ENV is {name!r}: choose one of {', '.join(KINDS)}."])
    return KINDS[name].read(environ)
