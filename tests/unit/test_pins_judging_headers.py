"""What came, went or changed between two releases of a C header."""

from __future__ import annotations

import pytest

from rknn_flake.errors import BadFileError
from rknn_flake.pins import headers
from unit.upstream import HEADER


def changes(old: str, new: str, *, text: str = HEADER) -> list[str]:
    assert old in text
    return headers.changes(headers.read(text), headers.read(text.replace(old, new)))


RUN = "int rknn_run(rknn_thing* thing);"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (RUN, f"{RUN} void rknn_go(void);", ["function came: rknn_go"]),
        (RUN, "", ["function went: rknn_run"]),
        (
            "void rknn_stop(int a)",
            "void rknn_stop(long a)",
            ["function changed: rknn_stop: void rknn_stop(int a) -> void rknn_stop(long a)"],
        ),
        ("#define RKNN_SUCC 0", "#define RKNN_SUCC 1", ["constant changed: RKNN_SUCC: 0 -> 1"]),
        ("#define RKNN_SUCC 0", "", ["constant went: RKNN_SUCC"]),
        (RUN, f"#define RKNN_NEW \\\n  7\n{RUN}", ["constant came: RKNN_NEW = 7"]),
        (
            ", RKNN_B",
            ", RKNN_N, RKNN_B",
            ["constant came: RKNN_N = 1", "constant changed: RKNN_B: 1 -> 2"],
        ),
        (
            "RKNN_A = 0",
            "RKNN_A = 1 << 4",
            [
                "constant changed: RKNN_A: 0 -> 1 << 4",
                "constant changed: RKNN_B: 1 -> (1 << 4) + 1",
            ],
        ),
        ("{ int n; }", "{ int n; int m; }", ["type changed: rknn_thing"]),
        (RUN, f"typedef struct _x {{ int y; }} rknn_x; {RUN}", ["type came: rknn_x"]),
        (RUN, f"#define OTHER(x) x\n{RUN}", ["other macro came: OTHER(x)"]),
    ],
)
def test_a_change_is_named(old: str, new: str, told: list[str]) -> None:
    assert changes(old, new) == told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/* int rknn_commented(int); */", "// int rknn_another(long);"),
        (RUN, "int\n  rknn_run(rknn_thing*\n    thing);"),
        ("#define RKNN_SUCC 0", "#  define   RKNN_SUCC   0 /* good */"),
        ("{ int n; }", "{\n  int n; // how many\n}"),
        ("RKNN_A = 0, RKNN_B", "RKNN_A = 0,\n#ifdef X\n  RKNN_B\n#endif\n"),
    ],
)
def test_comments_and_layout_are_no_change(old: str, new: str) -> None:
    assert changes(old, new) == []


def test_a_type_by_architecture_is_told_once() -> None:
    text = f"#ifdef __arm__\ntypedef int rknn_c;\n#else\ntypedef long rknn_c;\n#endif\n{HEADER}"
    assert headers.read(text).types["rknn_c"] == "int or long"
    assert changes("typedef long", "typedef short", text=text) == ["type changed: rknn_c"]


def test_a_page_in_place_of_a_header() -> None:
    with pytest.raises(BadFileError, match="no function"):
        headers.read("<!DOCTYPE html>")
