"""What ``./run`` starts on one's own machine: plain HTTP on the loopback address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from config.base import Config


@dataclass(frozen=True)
class Development(Config):
    """Evaluation and development; the session cookie travels over plain HTTP."""

    environment: ClassVar[str] = "development"
    secure_cookies: ClassVar[bool] = False
