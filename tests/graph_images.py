"""Graphs of what works on images, [N, C, H, W]."""

from __future__ import annotations

from graph_parts import SAME, Graph, node

GRAPHS = {
    "conv": Graph(
        [
            node("Conv", "x w b", "c", pads=SAME),
            node("Relu", "c", "r"),
            node("GlobalAveragePool", "r", "y"),
        ],
        {"x": (1, 3, 16, 16)},
        {"y": (1, 8, 1, 1)},
        {"w": (8, 3, 3, 3), "b": (8,)},
    ),
    # Calibrated on .png files, with mean and std.
    "picture": Graph(
        [
            node("Conv", "x w1 b1", "c1", pads=SAME, strides=[2, 2]),
            node("Relu", "c1", "r1"),
            node("Conv", "r1 w2 b2", "c2", pads=SAME),
            node("Relu", "c2", "r2"),
            node("MaxPool", "r2", "y", kernel_shape=[2, 2], strides=[2, 2]),
        ],
        {"x": (1, 3, 32, 32)},
        {"y": (1, 16, 8, 8)},
        {"w1": (16, 3, 3, 3), "b1": (16,), "w2": (16, 16, 3, 3), "b2": (16,)},
        mean=(123.675, 116.28, 103.53),
        std=(58.395, 57.12, 57.375),
    ),
    "depthwise": Graph(
        [
            node("Conv", "x w1", "d", pads=SAME, group=16),
            node("Clip", "d low high", "e"),
            node("Conv", "e w2", "y"),
        ],
        {"x": (1, 16, 16, 16)},
        {"y": (1, 32, 16, 16)},
        {"w1": (16, 1, 3, 3), "w2": (32, 16, 1, 1), "low": 0.0, "high": 6.0},
    ),
    "pointwise-batchnorm": Graph(
        [
            node("Conv", "x w", "c"),
            node("BatchNormalization", "c scale shift mean variance", "n", epsilon=1e-3),
            node("Clip", "n low high", "y"),
        ],
        {"x": (1, 16, 16, 16)},
        {"y": (1, 8, 16, 16)},
        {
            "w": (8, 16, 1, 1),
            "scale": [1.0, 0.5, 2.0, 1.5, 0.8, 1.2, 0.9, 1.1],
            "shift": (8,),
            "mean": (8,),
            "low": 0.0,
            "high": 6.0,
            "variance": [1.0, 0.9, 1.1, 1.3, 0.7, 1.0, 1.2, 0.8],
        },
    ),
    "residual": Graph(
        [
            node("Conv", "x w1", "a", pads=SAME),
            node("Relu", "a", "b"),
            node("Conv", "b w2", "c", pads=SAME),
            node("Add", "x c", "y"),
        ],
        {"x": (1, 16, 16, 16)},
        {"y": (1, 16, 16, 16)},
        {"w1": (16, 16, 3, 3), "w2": (16, 16, 3, 3)},
    ),
    "conv-transpose": Graph(
        [node("ConvTranspose", "x w", "y", strides=[2, 2], kernel_shape=[2, 2])],
        {"x": (1, 8, 8, 8)},
        {"y": (1, 4, 16, 16)},
        {"w": (8, 4, 2, 2)},
    ),
}
