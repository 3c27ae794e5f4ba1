"""The file as a whole: one clear sentence for what cannot be read at all."""

import json

import pytest

from pathways.exchange.dossiers_apprenants.file import MOST_BYTES, NotAFeed, read_file, read_rows


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "incomplet"),
        (b'[{"a": 1}, {"a": 2', "ligne 1, colonne 19"),
        (b'[{"a": "ab', "incomplet"),
        (b'[{"a": 1},\n {"a" 2}]', "valide à la ligne 2, colonne 7"),
        (b'{"a": 1}', "tableau JSON"),
        (b'"a"', "tableau JSON"),
        (b'["\xe9"]', "UTF-8 (ligne 1)"),
        (b"[NaN]", "nombre"),
        (b"[" * 100_000, "sans fin"),
        (b"[" + b"1" * 5_000 + b"]", "nombre"),
        (json.dumps([{}] * 2_001).encode(), "2001 lignes"),
        (b" " * (MOST_BYTES + 1), "10 Mo"),
    ],
    ids=["empty", "cut", "cut-in-text", "faulty", "object", "text", "latin-1", "nan", "deep", "huge-number", "long", "heavy"],
)
def test_what_is_no_feed_is_one_clear_error(content, said):
    with pytest.raises(NotAFeed) as fault:
        read_rows(content)

    assert said in str(fault.value).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_byte_order_mark_and_two_thousand_rows_are_welcome():
    assert len(read_rows(b"\xef\xbb\xbf" + json.dumps([{}] * 2_000).encode())) == 2_000


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NotAFeed, match="absent"):
        read_file(tmp_path / "absent.json")
    with pytest.raises(NotAFeed, match="droits"):
        read_file(tmp_path)
