"""What comes in as a file and what goes out as one: limits, shapes, and nothing that another program would obey."""

from __future__ import annotations

import ast
import io
import json

import pytest

from pathways.exchange.dossiers_apprenants.file import MOST_BYTES, NotAFeed, read_rows
from pathways.exchange.tables.cells import Faulty, as_given, read_cell, write_cell
from pathways.exchange.tables.faults import NotTables
from pathways.exchange.tables.layout import TABLES
from pathways.exchange.tables.reading import LONGEST_LINE, TableFile
from pathways.forms.screening import file_name
from pathways.views.screening import HEAVIEST_FORM
from tests.hostile.conftest import token
from tests.house_rules.source import files, imports, name

FORMULAS = ["=1+1", "+33 6", "-2", "@sum(A1)", "\t=1", "\r=1", "\uff1d1", "'=1", "''=1", "=cmd|' /C calc'!A0",
            "|not", "plain", ""]  # fmt: skip
PARSERS = ("xml", "lxml", "defusedxml", "zipfile", "tarfile", "openpyxl", "xlrd", "pickle", "marshal", "shelve", "bs4")
PERSONS = TABLES["persons"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_written_is_one_a_spreadsheet_computes_and_it_reads_back(text):
    written = write_cell(text)

    assert not written or written[0] not in "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
    assert as_given(written) == text


def test_one_writer_of_csv_neutralises_for_all():
    writing = [name(path) for path in files("pathways") if "csv.writer" in path.read_text(encoding="utf-8")]
    writing += [name(path) for path in files("pathways") if "DictWriter" in path.read_text(encoding="utf-8")]

    assert writing == ["pathways/exchange/tables/writing.py"]


def test_nothing_reads_xml_archives_or_pickles():
    """No entity to expand, no bomb to unpack, no object to wake: whoever needs one of these brings its limits and a test."""
    wrong = [
        f"{name(path)}: {module}" for path in files("pathways") for module in imports(path) if module.split(".")[0] in PARSERS
    ]

    assert wrong == []


def test_yaml_is_read_without_objects():
    wrong = [
        name(path)
        for path in files("pathways")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"yaml.load", "yaml.unsafe_load", "yaml.full_load"}
    ]

    assert wrong == []


FEEDS = {
    "a key twice": b'[{"a": 1, "a": 2}]',
    "depth": b"[" * 200_000,
    "NaN": b'[{"a": NaN}]',
    "Infinity": b"[Infinity]",
    "5,000 digits": b"[" + b"9" * 5_000 + b"]",
    "an object": b'{"a": 1}',
    "a text": b'"a"',
    "latin-1": "[é]".encode("latin-1"),
    "UTF-16": "[]".encode("utf-16"),
    "nothing": b"",
    "too many rows": json.dumps([{}] * 2_001).encode(),
    "too heavy": b" " * (MOST_BYTES + 1),
}


@pytest.mark.parametrize("content", FEEDS.values(), ids=FEEDS.keys())
def test_a_feed_that_is_none_is_one_clear_error(content):
    with pytest.raises(NotAFeed) as refusal:
        read_rows(content)

    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": 1e999}', "[" * 100_000, '{"a": "\\ud800"}'])
def test_details_made_to_hurt_are_refused(text):
    column = TABLES["entries"].by_name["details"]
    with pytest.raises(Faulty):
        read_cell(column, text, None)


def table(folder, content: bytes) -> TableFile:
    (folder / "persons.csv").write_bytes(content)
    return TableFile(folder, PERSONS)


def test_a_million_columns_are_refused_at_once(tmp_path):
    with pytest.raises(NotTables, match="columns"):
        table(tmp_path, b"person," * 1_000_000 + b"\r\n").check()


def test_a_line_without_end_is_refused_without_being_held(tmp_path):
    file = table(tmp_path, b"person,family_name,given_name\r\n" + b"a" * (LONGEST_LINE + 2))

    with pytest.raises(NotTables, match="a line has more than"):
        list(file.rows())


def test_a_nul_is_the_fault_of_its_row(tmp_path):
    header = ",".join(column.name for column in PERSONS.read)
    file = table(tmp_path, f"{header}\r\n".encode() + b"a\x00b" + b"," * (len(PERSONS.read) - 1) + b"\r\n")
    (row,) = file.rows()

    with pytest.raises(Faulty, match="control_character"):
        read_cell(PERSONS.by_name["family_name"], row.cells["person"], None)


def test_utf_16_is_named(tmp_path):
    with pytest.raises(NotTables, match="UTF-16"):
        table(tmp_path, "person".encode("utf-16")).check()


NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Users\\x\\élèves.json": "élèves.json",
    "a\x00b\r\nX: 1.json": "abX: 1.json",
    "feed\u202enosj.exe": "feednosj.exe",
    "": "",
    "x" * 500: "x" * 200,
}


@pytest.mark.parametrize(("given", "kept"), NAMES.items(), ids=range(len(NAMES)))
def test_a_file_s_name_is_only_a_name(given, kept):
    assert file_name(given) == kept


def test_a_form_that_weighs_too_much_is_told_so(scene, sign_in):
    browser = sign_in(scene.counsellor)
    heavy = {"csrf_token": token(browser.get("/personnes/nouvelle")), "family_name": "a" * (HEAVIEST_FORM + 1)}
    answer = browser.post("/personnes/nouvelle", data=heavy)

    assert answer.status_code == 413
    assert "Fichier trop lourd" in answer.text


def test_a_file_that_weighs_too_much_is_told_so_and_one_of_its_size_is_read(scene, sign_in):
    browser = sign_in(scene.trainer)
    sign = token(browser.get("/fichiers-recus/"))

    def give(size: int):
        head = "Content-Disposition: form-data; name="
        fields = [f'{head}"csrf_token"\r\n\r\n{sign}', f'{head}"act"\r\n\r\ntry',
                  f'{head}"file"; filename="f.json"\r\nContent-Type: application/json\r\n\r\n{" " * size}']  # fmt: skip
        body = "".join(f"--x\r\n{each}\r\n" for each in fields) + "--x--\r\n"
        return browser.post("/fichiers-recus/", data=body, content_type="multipart/form-data; boundary=x")

    assert give(MOST_BYTES + 2 * HEAVIEST_FORM).status_code == 413
    assert give(2 * HEAVIEST_FORM).status_code == 422


def test_a_file_of_another_kind_is_refused(scene, sign_in):
    browser = sign_in(scene.trainer)
    sent = {"csrf_token": token(browser.get("/fichiers-recus/")), "act": "try", "file": (io.BytesIO(b"PK\x03\x04"), "f.xlsx")}
    answer = browser.post("/fichiers-recus/", data=sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert ".json" in answer.text


