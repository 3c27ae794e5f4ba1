"""A host used too much for one person, by agreements recorded all the same."""

from tests.journal import Journal


def told(*agreements):
    """Each agreement as (step, first day, last day, host, object), known a week before its first day."""
    journal = Journal(one="PMSMP", two="PMSMP", three="PMSMP")
    for step, known, start, end, host, about in agreements:
        journal.on(known, "immersion_agreed", step, start=start, end=end, host=host, object=about)
    return journal


FIRST = ("one", "2025-01-06", "2025-01-13", "2025-01-24", "Fournil", "decouvrir_metier")
SECOND = ("two", "2025-03-03", "2025-03-10", "2025-03-21", "Fournil", "confirmer_projet")


def test_a_third_agreement_with_one_host_in_twelve_months_until_it_is_cancelled():
    journal = told(FIRST, SECOND, ("three", "2025-06-02", "2025-06-09", "2025-06-13", "Fournil", "initier_recrutement"))
    journal.on("2025-06-05", "cancelled", "three", reason="A")

    assert journal.shown("host_overused", "2025-12-31") == ["watch 2025-06-02 → 2025-06-05"]


def test_two_agreements_with_different_objects_are_within_the_limits():
    assert told(FIRST, SECOND).shown("host_overused", "2025-12-31") == []


def test_the_same_object_twice_is_too_much_unless_it_renews():
    again = ("two", "2025-04-07", "2025-04-14", "2025-04-18", "Fournil", "decouvrir_metier")
    renewed = ("two", "2025-01-24", "2025-01-27", "2025-02-07", "Fournil", "decouvrir_metier")

    assert told(FIRST, again).shown("host_overused", "2025-12-31") == ["watch 2025-04-07 →"]
    assert told(FIRST, renewed).shown("host_overused", "2025-12-31") == []


def test_sixty_days_are_allowed_sixty_one_are_not():
    long = ("one", "2025-01-06", "2025-01-13", "2025-02-12", "Fournil", "decouvrir_metier")
    sixty = ("two", "2025-03-03", "2025-03-10", "2025-04-07", "Fournil", "confirmer_projet")
    more = ("two", "2025-03-03", "2025-03-10", "2025-04-08", "Fournil", "confirmer_projet")

    assert told(long, sixty).shown("host_overused", "2025-12-31") == []
    assert told(long, more).shown("host_overused", "2025-12-31") == ["watch 2025-03-03 →"]


def test_an_immersion_ended_early_counts_the_days_it_lasted():
    journal = told(
        ("one", "2025-01-06", "2025-01-13", "2025-02-12", "Fournil", "decouvrir_metier"),
        ("two", "2025-03-03", "2025-03-10", "2025-04-09", "Fournil", "confirmer_projet"),
    )
    journal.on("2025-01-13", "immersion_started", "one")
    journal.on("2025-01-17", "immersion_broken", "one", reason="A")

    assert journal.shown("host_overused", "2025-12-31") == []


def test_another_host_or_an_unknown_one_is_not_counted():
    elsewhere = ("three", "2025-06-02", "2025-06-09", "2025-06-13", "Garage", "initier_recrutement")
    unknown = ("three", "2025-06-02", "2025-06-09", "2025-06-13", None, "initier_recrutement")

    assert told(FIRST, SECOND, elsewhere).shown("host_overused", "2025-12-31") == []
    assert told(FIRST, SECOND, unknown).shown("host_overused", "2025-12-31") == []
