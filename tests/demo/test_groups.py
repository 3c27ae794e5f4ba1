"""The demo's training bodies have groups, and nobody is in two of them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from pathways import db
from pathways.demo.groups import FULL
from pathways.demo.load import load
from pathways.models import GroupMember, TrainingGroup
from pathways.workflows.actors import TRAINING_BODIES

AS_OF = date(2026, 3, 2)


def test_whoever_is_in_a_course_or_an_apprenticeship_is_in_one_group(own_database, frozen_clock):
    load(150, 1, AS_OF)

    session = db.session()
    present = session.scalar(
        sa.text(
            "select count(*) from enrolment join organisation on organisation.id = operator_id where state in "
            "('in_training', 'paused', 'probation', 'in_contract', 'broken_continuing_cfa', 'cfa_without_contract') "
            "and organisation.kind = any(:kinds)"
        ),
        {"kinds": [str(kind) for kind in TRAINING_BODIES]},
    )
    steps = session.scalars(sa.select(GroupMember.enrolment_id)).all()
    sizes = session.scalars(sa.select(sa.func.count(GroupMember.id)).group_by(GroupMember.group_id)).all()

    assert present
    assert len(steps) == len(set(steps)) == present
    assert max(sizes) <= FULL
    assert session.scalars(sa.select(TrainingGroup.id).where(TrainingGroup.trainer_id.is_(None))).all() == []
