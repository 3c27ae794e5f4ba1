"""A real installation, behind a reverse proxy that speaks HTTPS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from config.base import Config


@dataclass(frozen=True)
class Production(Config):
    """People's data: secure cookies only, and a secret that is really one."""

    environment: ClassVar[str] = "production"
