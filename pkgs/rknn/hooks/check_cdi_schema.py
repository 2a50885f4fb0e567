"""Hold CDI specs against CDI's own JSON schema; run where Nix builds one.

`check_cdi_schema.py --schema FOLDER FILE...` ends with status 0, or 1 and the first spec that is
wrong, or 2 for wrong usage. FOLDER has schema.json and defs.json. Needs fastjsonschema.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastjsonschema

from checking import CheckError, Parser, failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def schema(folder: Path) -> Callable[[Any], str]:
    """Return the schema as a function that says what is wrong with a spec; empty where it is right.

    It passes over the spec's own edits and annotations, and misspells its reference to Env (up to
    CDI 1.0.1): these definitions are applied one by one as well.
    """
    defs = json.loads((folder / "defs.json").read_text(encoding="utf-8"))
    text = (folder / "schema.json").read_text(encoding="utf-8").replace("defs.json#/", "#/")

    def compiled(made: dict[str, Any]) -> Callable[[Any], Any]:
        validate: Callable[[Any], Any] = fastjsonschema.compile(
            {**made, "definitions": defs["definitions"]}
        )
        return validate

    whole = compiled(json.loads(text))
    edits, variables, annotations = (
        compiled({"$ref": f"#/definitions/{name}"})
        for name in ("containerEdits", "Env", "annotations")
    )

    def fault(spec: Any) -> str:  # noqa: ANN401  # whatever JSON holds
        try:
            whole(spec)
            for holder in (spec, *spec["devices"]):
                made = holder.get("containerEdits", {})
                edits(made)
                variables(made.get("env", []))
                annotations(holder.get("annotations", {}))
        except fastjsonschema.JsonSchemaValueException as error:
            return str(error)
        return ""

    return fault


def check(folder: Path, file: Path) -> None:
    """Hold one file against the schema in `folder`."""
    try:
        spec = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise failure(file, "CDI schema", str(error), "JSON") from None
    if fault := schema(folder)(spec):
        raise failure(file, "CDI schema", fault, "a spec that it allows")


def main(argv: Sequence[str]) -> int:
    """Hold all files against the schema."""
    parser = Parser(prog="check_cdi_schema", description=__doc__, allow_abbrev=False)
    parser.add_argument("--schema", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    options = parser.parse_args(argv)
    try:
        for file in options.files:
            check(options.schema, file)
            print(f"check_cdi_schema: {file}: as the schema has it")
    except CheckError as error:
        print(f"check_cdi_schema: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
