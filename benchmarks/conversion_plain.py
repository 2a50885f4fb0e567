"""What one writes by hand to convert a model: python3 conversion_plain.py MODEL OUT TARGET."""

from __future__ import annotations

import sys
from importlib import import_module


def main(argv: list[str]) -> int:
    """Convert."""
    model, output, target = argv
    rknn = import_module("rknn.api").RKNN()
    statuses = (
        rknn.config(target_platform=target),
        rknn.load_onnx(model=model),
        rknn.build(do_quantization=False),
        rknn.export_rknn(output),
    )
    rknn.release()
    return 0 if all(status in {0, None} for status in statuses) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
