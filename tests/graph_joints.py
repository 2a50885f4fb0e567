"""Graphs of what resizes, pools, splits and joins images, [N, C, H, W]."""

from __future__ import annotations

from graph_parts import SAME, Graph, node

SCALE_2 = [1.0, 1.0, 2.0, 2.0]

GRAPHS = {
    "resize-nearest": Graph(
        [
            node("Conv", "x w", "c", pads=SAME),
            node(
                *("Resize", "c - scales", "y"),
                mode="nearest",
                coordinate_transformation_mode="asymmetric",
                nearest_mode="floor",
            ),
        ],
        {"x": (1, 3, 8, 8)},
        {"y": (1, 8, 16, 16)},
        {"w": (8, 3, 3, 3), "scales": SCALE_2},
    ),
    "resize-linear": Graph(
        [
            node("Conv", "x w", "c", pads=SAME),
            node(
                *("Resize", "c - scales", "y"),
                mode="linear",
                coordinate_transformation_mode="half_pixel",
            ),
        ],
        {"x": (1, 3, 8, 8)},
        {"y": (1, 8, 16, 16)},
        {"w": (8, 3, 3, 3), "scales": SCALE_2},
    ),
    "pooling": Graph(
        [
            node("MaxPool", "x", "m", kernel_shape=[3, 3], strides=[2, 2], pads=SAME),
            node("AveragePool", "x", "a", kernel_shape=[2, 2], strides=[2, 2]),
            node("Conv", "a w", "c"),
            node("Add", "m c", "y"),
        ],
        {"x": (1, 8, 16, 16)},
        {"y": (1, 8, 8, 8)},
        {"w": (8, 8, 1, 1)},
    ),
    # Half of the channels gate the other half, as in SiLU and GLU.
    "gate": Graph(
        [
            node("Conv", "x w", "c"),
            node("Split", "c parts", "a b", axis=1),
            node("Sigmoid", "b", "s"),
            node("Mul", "a s", "m"),
            node("Concat", "m a", "y", axis=1),
        ],
        {"x": (1, 4, 8, 8)},
        {"y": (1, 16, 8, 8)},
        {"w": (16, 4, 1, 1), "parts": [8, 8]},
    ),
    # Every second row and column become channels, as at the start of YOLOv5.
    "focus": Graph(
        [
            *(
                node("Slice", f"x from{row}{column} end axes step", f"s{row}{column}")
                for row in (0, 1)
                for column in (0, 1)
            ),
            node("Concat", "s00 s10 s01 s11", "f", axis=1),
            node("Conv", "f w", "y", pads=SAME),
        ],
        {"x": (1, 3, 16, 16)},
        {"y": (1, 8, 8, 8)},
        {
            **{f"from{row}{column}": [row, column] for row in (0, 1) for column in (0, 1)},
            "end": [16, 16],
            "axes": [2, 3],
            "step": [2, 2],
            "w": (8, 12, 3, 3),
        },
    ),
    "two-outputs": Graph(
        [
            node("Conv", "x w0", "c", pads=SAME),
            node("Relu", "c", "r"),
            node("Conv", "r w1", "boxes"),
            node("Conv", "r w2", "s"),
            node("Sigmoid", "s", "scores"),
        ],
        {"x": (1, 3, 16, 16)},
        {"boxes": (1, 4, 16, 16), "scores": (1, 2, 16, 16)},
        {"w0": (8, 3, 3, 3), "w1": (4, 8, 1, 1), "w2": (2, 8, 1, 1)},
    ),
    "two-inputs": Graph(
        [node("Add", "left right", "y")],
        {"left": (1, 4, 8, 8), "right": (1, 4, 8, 8)},
        {"y": (1, 4, 8, 8)},
    ),
}
