"""Requirements keep their names, extras and conditions, whatever their bounds are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

import patch_toolkit

BOUNDS = st.lists(
    st.builds(
        "{}{}".format,
        st.sampled_from(["<=", ">=", "==", "!=", "~=", "<", ">"]),
        st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True),
    ),
    max_size=3,
).map(",".join)
REQUIREMENTS = st.builds(
    "{}{}{}{}".format,
    st.from_regex(r"[a-z][a-z0-9]{0,5}([-._][a-z0-9]{1,4})?", fullmatch=True),
    st.sampled_from(["", "[all]", " [one,two]"]),
    BOUNDS.map(" {}".format),
    st.sampled_from(["", ' ; extra == "x"', '; python_version < "3.12"']),
)


@given(st.lists(REQUIREMENTS, max_size=6))
def test_only_the_bounds_go(lines: list[str]) -> None:
    head = ["Metadata-Version: 2.1", *(f"Requires-Dist: {line}" for line in lines)]
    text = "\n".join(head) + "\n\nRequires-Dist: text >=1\n"
    made = patch_toolkit.relaxed(text.encode(), ()).decode()
    left, _, body = made.partition("\n\n")
    assert body == "Requires-Dist: text >=1\n"
    found = [Requirement(line.removeprefix("Requires-Dist: ")) for line in left.split("\n")[1:]]
    for before, after in zip(map(Requirement, lines), found, strict=True):
        assert (after.name, after.extras, after.marker) == (
            before.name,
            before.extras,
            before.marker,
        )
        assert str(after.specifier) == "", (before, after)


@given(st.lists(REQUIREMENTS, min_size=1, max_size=6))
def test_what_is_named_goes_and_nothing_else(lines: list[str]) -> None:
    names = [Requirement(line).name for line in lines]
    text = "".join(f"Requires-Dist: {line}\n" for line in lines) + "\n"
    made = patch_toolkit.relaxed(text.encode(), [names[0]]).decode().strip().splitlines()
    left = [Requirement(line.removeprefix("Requires-Dist: ")).name for line in made]
    assert left == [name for name in names if name != names[0]]


def test_what_no_module_needs_goes() -> None:
    text = b"Requires-Dist: Pillow>=10.0.1\nRequires-Dist: onnx==1.16.1\n\n"
    assert patch_toolkit.relaxed(text, ()) == b"Requires-Dist: onnx\n\n"
