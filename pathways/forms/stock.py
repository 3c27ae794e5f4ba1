"""Passing the stock of an organisation in review."""

from __future__ import annotations

from typing import Any

from wtforms.validators import ValidationError

from pathways.forms.feeds import ReviewForm
from pathways.sharing.language import _

TAKES_UP = ("take_up", "spread")


class StockForm(ReviewForm):
    """Some alerts, and one act for them all: at once, as the week's budget has room, or put away."""

    def validate_act(self, field: Any) -> None:
        if field.data not in {*TAKES_UP, "put_away"}:
            raise ValidationError(_("Choisissez de reprendre ou de classer."))
