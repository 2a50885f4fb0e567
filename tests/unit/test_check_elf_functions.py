"""Every function that headers or a list name must be exported, as a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.elf_fixtures"]


@pytest.fixture
def header(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of headers that declare the named functions."""

    def make(*names: str) -> Path:
        path = tmp_path / "rknn_api.h"
        path.write_text("".join(f"int {name}(void);\n" for name in names), encoding="utf-8")
        return path

    return make


def test_declared_and_exported_pass(
    check: Callable[..., Outcome], library: Path, header: Callable[..., Path]
) -> None:
    outcome = check(library, "--header", header("rknn_init", "rknn_run"))
    assert outcome.status == 0, outcome
    assert "2 functions of rknn_api.h" in outcome.out


@pytest.mark.parametrize(
    "name",
    ["rknn_absent", "rknn_elsewhere", "rknn_secret", "rknn_table"],
    ids=["absent", "undefined", "hidden", "no function"],
)
def test_declared_but_not_exported_is_refused(
    check: Callable[..., Outcome], library: Path, header: Callable[..., Path], name: str
) -> None:
    outcome = check(library, "--header", header("rknn_init", name))
    assert outcome.status == 1, outcome
    found = f"functions of rknn_api.h: found 1 of 2 exported, expected all; missing: {name}"
    assert found in outcome.err


def test_a_list_of_functions(check: Callable[..., Outcome], library: Path, tmp_path: Path) -> None:
    listing = tmp_path / "exports.txt"
    listing.write_text("# the API\nrknn_init\nrknn_run  # both\n\n", encoding="utf-8")
    outcome = check(library, "--functions", listing)
    assert outcome.status == 0, outcome
    assert "2 functions of exports.txt" in outcome.out

    listing.write_text("rknn_init\nrknn_dup_context\n", encoding="utf-8")
    outcome = check(library, "--functions", listing)
    assert outcome.status == 1, outcome
    assert "missing: rknn_dup_context" in outcome.err


def test_a_function_known_to_be_lacking_may_be_absent(
    check: Callable[..., Outcome], library: Path, header: Callable[..., Path]
) -> None:
    outcome = check(library, "--header", header("rknn_init", "rknn_gone"), "--lacking=rknn_gone")
    assert outcome.status == 0, outcome
    assert "1 functions of rknn_api.h" in outcome.out


def test_a_function_known_to_be_lacking_may_be_exported(
    check: Callable[..., Outcome], library: Path, header: Callable[..., Path]
) -> None:
    outcome = check(library, "--header", header("rknn_init", "rknn_run"), "--lacking=rknn_run")
    assert outcome.status == 0, outcome


def test_a_function_lacking_from_a_list_may_be_absent(
    check: Callable[..., Outcome], library: Path, tmp_path: Path
) -> None:
    listing = tmp_path / "exports.txt"
    listing.write_text("rknn_init\nrknn_gone\n", encoding="utf-8")
    outcome = check(library, "--functions", listing, "--lacking", "rknn_gone")
    assert outcome.status == 0, outcome


def test_another_than_the_lacking_function_is_still_wanted(
    check: Callable[..., Outcome], library: Path, header: Callable[..., Path]
) -> None:
    declared = header("rknn_init", "rknn_gone", "rknn_other")
    outcome = check(library, "--header", declared, "--lacking=rknn_gone")
    assert outcome.status == 1, outcome
    assert "found 1 of 2 exported, expected all; missing: rknn_other" in outcome.err


@pytest.mark.parametrize("with_header", [True, False])
def test_a_lacking_name_that_nothing_declares_is_wrong_usage(
    check: Callable[..., Outcome], library: Path, header: Callable[..., Path], *, with_header: bool
) -> None:
    options = ["--header", header("rknn_init")] if with_header else []
    outcome = check(library, *options, "--lacking=rknn_int")
    assert outcome.status == 2, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert "--lacking: rknn_int is in no --header and no --functions" in outcome.err


def test_an_empty_list_is_refused(
    check: Callable[..., Outcome], library: Path, tmp_path: Path
) -> None:
    listing = tmp_path / "exports.txt"
    listing.write_text("# nothing\n", encoding="utf-8")
    outcome = check(library, "--functions", listing)
    assert outcome.status == 1, outcome
    assert "exports.txt: functions: found an empty list, expected at least one" in outcome.err


def test_exports_may_be_objects(check: Callable[..., Outcome], library: Path) -> None:
    outcome = check(library, "--export", "rknn_table", "--export", "rknn_init")
    assert outcome.status == 0, outcome
    assert "2 exports" in outcome.out

    outcome = check(library, "--export", "rknn_secret")
    assert outcome.status == 1, outcome
    assert "exports: found 0 of 1 exported, expected all; missing: rknn_secret" in outcome.err
