"""The added module runs on each Python that there are wheels for, from 3.7 on."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import patch_rknnlite

if TYPE_CHECKING:
    from unit.rknnlite_fixtures import Tree

pytest_plugins = ["unit.rknnlite_fixtures"]

MODULE = Path(patch_rknnlite.__file__).with_name("store_runtime.py")
OLDEST = (3, 7)

# Methods of built-in types that came after 3.7, and so are no syntax error there.
NEWER = {"removeprefix", "removesuffix", "as_integer_ratio", "bit_count", "is_integer"}
GUARDED = {"add_note"}


def newer(source: str) -> set[str]:
    """Return the newer methods that `source` calls; those that it asks hasattr for are fine."""
    names = {
        node.attr
        for node in ast.walk(ast.parse(source, feature_version=OLDEST))
        if isinstance(node, ast.Attribute)
    }
    unguarded = {name for name in GUARDED if f'hasattr(error, "{name}")' not in source}
    return names & (NEWER | unguarded)


def test_the_module_is_that_of_the_oldest_python() -> None:
    assert newer(MODULE.read_text(encoding="utf-8")) == set()


def test_newer_words_are_found() -> None:
    assert newer("str(1).removeprefix('x')") == {"removeprefix"}
    assert newer("error.add_note('x')") == {"add_note"}
    assert newer('if hasattr(error, "add_note"): error.add_note("x")') == set()
    with pytest.raises(SyntaxError):
        newer("if (n := 1): pass")


# An exception as Pythons before 3.11 have it, raised from inside the plain __init__.
OLD = """
import rknnlite.api, rknnlite.api.rknn_runtime as r
class Old({base}):
    def __getattribute__(self, name):
        if name == "add_note":
            raise AttributeError(name)
        return super().__getattribute__(name)
def refuse(self):
    raise Old({arguments})
r.RKNNRuntime._get_target_soc = refuse
try:
    r.RKNNRuntime()
except Old as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("base", "arguments", "first"),
    [
        ("OSError", "13, 'Permission denied'", "[Errno 13] Permission denied"),
        ("OSError", "13, 'Permission denied', 'x'", "[Errno 13] Permission denied"),
        ("OSError", "'x.so: cannot open'", "x.so: cannot open"),
        ("Exception", "'Please specify the target'", "Please specify the target"),
    ],
)
def test_the_note_is_in_the_message_before_python_311(
    patched: Tree, base: str, arguments: str, first: str
) -> None:
    done = patched.python(OLD.format(base=base, arguments=arguments))
    assert done.stdout.startswith(f"{first}\n"), done
    assert f"library {patched.library} (RKNN_LIBRKNNRT_PATH would set another)" in done.stdout
