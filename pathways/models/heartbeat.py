"""Heartbeats: when each periodic thing last happened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from pathways.db import Base


class Heartbeat(Base):
    """Last tick, last sweep…: what readiness is judged by."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
