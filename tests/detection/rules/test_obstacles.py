"""A blocking obstacle nobody works on, day by day: lifting, declaring again, another severity."""

from tests.journal import Journal

UNTIL = "2025-12-31"


def blocked(theme="mobilite", **steps):
    journal = Journal(pacea="PACEA", **steps)
    journal.on("2025-01-06", "engagement_signed", "pacea")
    journal.on("2025-02-03", "obstacle", "pacea", theme=theme, severity="bloquant")
    return journal


def shown(journal, until=UNTIL):
    return journal.shown("obstacle_unaddressed", until)


def test_the_31st_day_shows_it_and_an_action_closes_it():
    journal = blocked()
    assert shown(journal) == ["alert 2025-03-06 →"]

    journal.on("2025-03-20", "obstacle_action", "pacea", theme="mobilite", kind="mob_auto_ecole")
    assert shown(journal) == ["alert 2025-03-06 → 2025-03-20"]


def test_lifting_it_closes_it():
    journal = blocked()
    journal.on("2025-03-20", "obstacle_lifted", "pacea", theme="mobilite")

    assert shown(journal) == ["alert 2025-03-06 → 2025-03-20"]


def test_a_lesser_severity_closes_it():
    journal = blocked()
    journal.on("2025-03-20", "obstacle", "pacea", theme="mobilite", severity="fort")

    assert shown(journal) == ["alert 2025-03-06 → 2025-03-20"]


def test_a_severity_that_rises_begins_the_count_that_day():
    journal = Journal(pacea="PACEA")
    journal.on("2025-01-06", "engagement_signed", "pacea")
    journal.on("2025-01-10", "obstacle", "pacea", theme="mobilite", severity="genant")
    journal.on("2025-02-03", "obstacle", "pacea", theme="mobilite", severity="bloquant")

    assert shown(journal) == ["alert 2025-03-06 →"]


def test_saying_again_that_it_blocks_neither_restarts_nor_doubles_it():
    journal = blocked()
    journal.on("2025-02-24", "obstacle", "pacea", theme="mobilite", severity="bloquant")

    assert shown(journal) == ["alert 2025-03-06 →"]


def test_declared_again_after_it_was_lifted_or_worked_on_it_counts_anew():
    for event in ("obstacle_lifted", "obstacle_action"):
        journal = blocked()
        journal.on("2025-02-10", event, "pacea", theme="mobilite")
        journal.on("2025-04-01", "obstacle", "pacea", theme="mobilite", severity="bloquant")

        assert shown(journal) == ["alert 2025-05-02 →"]


def test_an_action_on_another_theme_does_nothing_and_one_of_another_step_does():
    elsewhere, other = blocked(cej="CEJ"), blocked()
    other.on("2025-02-10", "obstacle_action", "pacea", theme="logement")
    elsewhere.on("2025-02-10", "obstacle_action", "cej", theme="mobilite")

    assert shown(other) == ["alert 2025-03-06 →"]
    assert shown(elsewhere) == []


def test_the_earlier_name_of_a_theme_is_the_same_theme():
    journal = blocked("garde_enfant")
    journal.on("2025-02-10", "obstacle_action", "pacea", theme="famille")

    assert shown(journal) == []


def test_on_one_day_what_is_done_comes_after_what_is_declared():
    journal = Journal(pacea="PACEA")
    journal.on("2025-01-06", "engagement_signed", "pacea")
    journal.on("2025-02-03", "obstacle_action", "pacea", theme="mobilite")
    journal.on("2025-02-03", "obstacle", "pacea", theme="mobilite", severity="bloquant")

    assert shown(journal) == []
