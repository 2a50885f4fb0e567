"""What an .rknn file tells of the settings that it was converted with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rknn_convert.container import Model
    from rknn_convert.formats import Format

Table = dict[str, object]


def tables(model: Model, kind: Format) -> dict[str, Table]:
    """Return them as the tables of a settings file; optimization and the like are not recorded.

    Means of 0 and divisors of 1, no cut, and shapes as the model's are what they are without being
    said too: the same file comes out of it.
    """
    config: Table = {"target_platform": model.targets[0]}
    for key, rows in (
        ("mean_values", [list(tensor.mean) for tensor in model.inputs]),
        ("std_values", [list(tensor.std) for tensor in model.inputs]),
    ):
        if all(rows) and {value for row in rows for value in row} != {_neutral(key)}:
            config[key] = rows
    if model.custom_string:
        config["custom_string"] = model.custom_string
    if model.is_dynamic:
        sets = zip(*(tensor.shapes for tensor in model.inputs), strict=False)
        config["dynamic_input"] = [[list(shape) for shape in one] for one in sets]
    load: Table = {}
    if kind.names and kind.shapes and not model.is_dynamic:
        load[kind.names] = [tensor.name for tensor in model.inputs]
    if kind.shapes and not model.is_dynamic:
        load[kind.shapes] = [list(tensor.shape) for tensor in model.inputs]
    if kind.outputs:
        load[kind.outputs] = [tensor.name for tensor in model.outputs]
    return {"config": config, "load": load}


def _neutral(key: str) -> float:
    return 0.0 if key == "mean_values" else 1.0
