"""A real installation, behind a reverse proxy that speaks HTTPS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from config.base import Config


@dataclass(frozen=True)
class Production(Config):
    """People's data: secure cookies only, a secret that is really one, and a second factor for whoever reaches much."""

    environment: ClassVar[str] = "production"
    totp_required_here: ClassVar[bool] = True
