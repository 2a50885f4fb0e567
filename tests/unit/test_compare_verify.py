"""With --verify a conversion is compared first, and written only where it will do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from unit.compare_fixtures import MADE
from unit.convert_samples import fill, npy

if TYPE_CHECKING:
    from unit.compare_fixtures import Pair

pytest_plugins = ["unit.compare_fixtures"]


def test_alike_is_written(pair: Pair) -> None:
    outcome = pair.verify()
    assert outcome.status == 0, outcome
    assert (pair.folder / "out.rknn").is_file()
    assert "y       1.000000" in outcome.out, outcome
    told = json.loads(pair.verify("--json").out)
    assert [one["name"] for one in told["compared"]["outputs"]] == ["y", "z"], told


def test_not_alike_is_not_written(pair: Pair) -> None:
    pair.simulated([[1, 2]], [[4, 3]])
    outcome = pair.verify()
    assert (outcome.status, outcome.out) == (1, ""), outcome
    assert "output 'z': cosine 0.960000 is below 0.999" in outcome.err, outcome
    assert not (pair.folder / "out.rknn").exists()
    assert pair.verify("--threshold", "0.9").status == 0


def test_bad_sample_is_called_what_the_user_calls_it(pair: Pair) -> None:
    folder = fill(pair.folder / "set", {"a.npy": npy((1, 5)), "list.txt": "\na.npy\n"})
    outcome = pair.verify("--quantize", str(folder / "list.txt"))
    assert outcome.status == 1, outcome
    expected = f"{folder}/list.txt:2: {folder}/a.npy: its shape is 1,5, and 'x' takes 1,4\n"
    assert outcome.err == f"rknn-convert: {expected}"


def test_output_lost_by_the_toolkit(pair: Pair) -> None:
    pair.toolkit.makes(replace(MADE, outputs=MADE.outputs[:1]))
    pair.simulated([[1, 2]])
    outcome = pair.verify()
    assert outcome.status == 1, outcome
    assert "its output 'z' is missing from the converted graph" in outcome.err, outcome
    assert pair.verify("--output-tensor", "y").status == 0
