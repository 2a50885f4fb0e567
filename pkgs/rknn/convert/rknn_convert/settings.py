"""Everything of one conversion: flags win over --set, and that wins over the TOML file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_convert import formats
from rknn_convert.errors import ConvertError, UsageError
from rknn_convert.words import TABLES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from rknn_convert.words import Input

Table = dict[str, object]


@dataclass(frozen=True)
class Settings:
    """What is converted, to where, and what config(), build() and load_…() are called with.

    The model's, the weights' and the dataset's paths are not in the tables.
    """

    model: Path
    weights: Path | None
    output: Path
    kind: formats.Format
    config: Table
    build: Table
    load: Table
    dataset: Path | None

    @property
    def target(self) -> str:
        """The SoC, as it was said."""
        return str(self.config["target_platform"])

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """The inputs' shapes, none where they are the model's own."""
        said = self.load.get(self.kind.shapes or "", [])
        if not isinstance(said, list):
            return []
        return [tuple(shape) for shape in said if isinstance(shape, list | tuple)]


def gather(options: argparse.Namespace, known: Mapping[str, Table] | None = None) -> Settings:
    """Return the settings; raise UsageError where they do not fit each other.

    `known` are tables for what nobody said.
    """
    kind = formats.find(options.model, options.format)
    tables = _file(options.settings) if options.settings else {name: {} for name in TABLES}
    tables = {name: {**(known or {}).get(name, {}), **tables[name]} for name in TABLES}
    dataset = _file_dataset(tables["build"], options.settings)
    for one in options.set:
        tables[one.table][one.key] = one.value
    dataset = options.quantize or _said_dataset(tables["build"]) or dataset
    config, build, load = (tables[name] for name in TABLES)
    for key, value in (
        ("target_platform", options.target),
        ("mean_values", options.mean),
        ("std_values", options.std),
    ):
        if value is not None:
            config[key] = value
    formats.check_unsaid(kind, load)
    load.update(_load_flags(kind, options))
    if "target_platform" not in config:
        raise UsageError("no SoC to convert for; say --target, such as --target rk3588")
    _quantization(build, dataset, is_asked=options.quantize is not None)
    if options.weights and not kind.weights:
        raise UsageError(
            f"{options.weights}: a model of format {kind.name} is one file, {options.model}"
        )
    taken = load | ({kind.weights: options.weights} if kind.weights and options.weights else {})
    formats.check_needed(kind, options.model, taken)
    return Settings(
        options.model, options.weights, options.output, kind, config, build, load, dataset
    )


def _load_flags(kind: formats.Format, options: argparse.Namespace) -> Table:
    found: Table = {}
    if options.input:
        found.update(_inputs(kind, options.input))
    if options.output_tensor:
        if not kind.outputs:
            raise UsageError(f"--output-tensor: the toolkit can't cut models of format {kind.name}")
        found[kind.outputs] = options.output_tensor
    if options.layout and not kind.has_layout and options.layout != "nchw":
        raise UsageError(f"--layout {options.layout}: models of format {kind.name} are nchw")
    if options.layout and kind.has_layout:
        found["input_is_nchw"] = options.layout == "nchw"
    return found


def _inputs(kind: formats.Format, inputs: list[Input]) -> Table:
    names = [one.name for one in inputs if one.name]
    shapes = [list(one.shape) for one in inputs if one.shape]
    if not kind.names and not kind.shapes:
        raise UsageError(f"--input: a model of format {kind.name} says its inputs itself")
    if kind.names and len(names) != len(inputs):
        raise UsageError("--input: say the input's name too, such as --input x:1,3,224,224")
    if kind.shapes and len(shapes) != len(inputs):
        raise UsageError("--input: say the input's shape too, such as --input x:1,3,224,224")
    named: Table = {kind.names: names} if kind.names else {}
    return named | ({kind.shapes: shapes} if kind.shapes else {})


def _quantization(build: Table, dataset: Path | None, *, is_asked: bool) -> None:
    quantize = build.setdefault("do_quantization", dataset is not None)
    if quantize is False and is_asked:
        raise UsageError("--quantize, and build.do_quantization = false: say one of the two")
    if quantize is not False and dataset is None:
        raise UsageError("to quantize takes samples; say --quantize DATASET")


def _file(path: Path) -> dict[str, Table]:
    import tomllib  # noqa: PLC0415  # only here

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConvertError(f"{path}: {error.strerror}; --settings names a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConvertError(f"{path}: no TOML: {error}") from None
    for name, table in found.items():
        if name not in TABLES or not isinstance(table, dict):
            raise ConvertError(
                f"{path}: found {name!r} at the top; it has the tables [config], [build] and [load]"
            )
    return {name: found.get(name, {}) for name in TABLES}


def _file_dataset(build: Table, file: Path | None) -> Path | None:
    said = _said_dataset(build)
    return file.parent / said if file and said else None


def _said_dataset(build: Table) -> Path | None:
    if "dataset" not in build:
        return None
    said = build.pop("dataset")
    if not isinstance(said, str) or not said:
        raise UsageError(f"build.dataset = {said!r}: say the path of a text or of a folder")
    return Path(said)
