"""Detection judged on days gone by: replayed evening by evening as each was known, against the ruptures that followed.

    replay(period, changes) → Report      what each way of choosing whom to call would have brought

`walking`, `capacity` and `measuring` are plain functions. Weeks are scored on their Monday evening. Nothing computed here holds
a name.
"""
