"""Column types and constraints that several tables share."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

Id = Annotated[int, mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)]

PublicId = Annotated[
    uuid.UUID, mapped_column(default=uuid.uuid4, server_default=sa.text("gen_random_uuid()"), unique=True)
]
"""What a URL shows. It is drawn before the insert, because a row just inserted may not be readable yet (see Person)."""

Version = Annotated[int, mapped_column(sa.Integer, default=1, server_default="1")]
"""Counts the edits people made, so that a lost update is refused. Mapped as ``version_id_col`` where it is used."""


def one_of(members: Iterable[str], column: str, *, optional: bool = False) -> sa.CheckConstraint:
    """The column holds the value of one member of a StrEnum; the constraint bears the column's name.

    A database test compares it with the enum, because autogeneration does not see a new member.
    """
    values = ", ".join(f"'{value}'" for value in members)
    return sa.CheckConstraint(f"{column} IN ({values})", name=column, info={"optional": optional})


def by_value(kind: type[StrEnum]) -> sa.Enum:
    """A StrEnum stored by value in a text column; its CHECK is ``one_of``, named after the column."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [m.value for m in members],
    )
