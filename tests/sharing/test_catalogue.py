"""Everything a screen can say has its English, with the same values in it."""

from __future__ import annotations

import io
import re

import pytest
from babel.messages.mofile import write_mo

from pathways.cli.catalogue import LANGUAGES, file_of, is_translated, messages, read
from pathways.sharing import language

VALUE = re.compile(r"\{\w*[^}]*\}|%\(\w+\)s")


def values(message: str) -> set[str]:
    return set(VALUE.findall(message))


@pytest.fixture(scope="module")
def wanted():
    return messages()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_is_translated(wanted, code):
    catalogue = read(code)

    assert [message for message in wanted if not is_translated(catalogue, message)] == [], "./run catalogue, then translate"


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_message_outlived_its_screen(wanted, code):
    said = {message if isinstance(message, str) else message[0] for message in wanted}

    assert {str(message.id if isinstance(message.id, str) else message.id[0]) for message in read(code) if message.id} == said


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_says_the_same_values(code):
    wrong = {}
    for message in read(code):
        ids, strings = ((each,) if isinstance(each, str) else each for each in (message.id, message.string))
        # One day, one person: the singular may leave its number out.
        wrong |= {
            original: said
            for original, said in zip(ids, strings, strict=True)
            if message.id and (values(said) - values(original) or (said == strings[-1] and values(original) != values(said)))
        }

    assert not wrong


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_compiled_file_is_the_one_people_edited(code):
    compiled = io.BytesIO()
    write_mo(compiled, read(code))

    assert file_of(code).with_suffix(".mo").read_bytes() == compiled.getvalue(), "./run catalogue"


def test_french_needs_no_catalogue_and_english_reads_its_own():
    assert language._("Enregistrer") == "Enregistrer"

    language.use("en")
    try:
        assert language._("Enregistrer") == "Save"
        assert language.ngettext("{n} jour", "{n} jours", 1).format(n=1) == "1 day"
        assert language.ngettext("{n} jour", "{n} jours", 0).format(n=0) == "0 days"
        assert language.ago(language.clock.today()) == "today"
    finally:
        language.use(language.SOURCE)
