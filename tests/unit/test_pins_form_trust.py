"""check --offline: somebody vouches for each file, or a person has said why nobody does."""

from __future__ import annotations

import pytest

from unit.pins_fixtures import entry, said

LABEL = "librknnrt 2.3.2 (aarch64): "


def test_no_witness_is_found() -> None:
    (line,) = said(entry(git_blob=None))
    assert line.startswith(f"{LABEL}no witness; write one of git-blob, "), line


@pytest.mark.parametrize(
    "witness",
    [
        {"records": ("somebody",)},
        {"upstream_md5": "0" * 32},
        {"trust_on_first_use": "2026-01-31: nobody publishes a digest of it"},
    ],
    ids=str,
)
def test_a_witness_or_trust_is_enough(witness: dict[str, object]) -> None:
    assert said(entry(git_blob=None, **witness)) == []


@pytest.mark.parametrize(
    "text", ["", "because", "2026-01-31", "2026-02-30: why", "31.1.2026: why", "2026-01-311: why"]
)
def test_trust_without_a_date_and_a_reason_is_found(text: str) -> None:
    (line,) = said(entry(git_blob=None, trust_on_first_use=text))
    assert line.startswith(f"{LABEL}trust-on-first-use is {text!r}; write the date and why"), line


def test_a_disputed_file_is_found_with_who_disputes_it() -> None:
    (line,) = said(entry(disputes=("PyPI: sha256 0000", "a list\nof md5")))
    assert line == (
        f"{LABEL}disputed, so it is not fetched: PyPI: sha256 0000; a list of md5; "
        "judge it, then take out disputes"
    )


@pytest.mark.parametrize("field", ["records", "disputes"])
def test_an_empty_text_is_found(field: str) -> None:
    lines = said(entry(**{field: ("", "a")}))
    assert lines[0] == f"{LABEL}{field} has an empty text; write who it was, or take it out"
