"""The suite: everything as in development, with passwords that cost nothing to check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from config.base import Config


@dataclass(frozen=True)
class Testing(Config):
    """Tests. Only costs differ; no behaviour depends on it."""

    environment: ClassVar[str] = "testing"
    secure_cookies: ClassVar[bool] = False
    shortest_secret: ClassVar[int] = 1
    argon2_profile: ClassVar[str] = "cheapest"
