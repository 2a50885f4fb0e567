"""Graphs of what works on rows of numbers, and of pictures and rows together."""

from __future__ import annotations

from graph_parts import SAME, Graph, node

TOKENS = (1, 16, 32)

GRAPHS = {
    "matmul": Graph(
        [node("MatMul", "x w", "m"), node("Add", "m b", "y")],
        {"x": (1, 32, 64)},
        {"y": (1, 32, 48)},
        {"w": (64, 48), "b": (48,)},
    ),
    "gemm": Graph(
        [
            node("Flatten", "x", "f"),
            node("Gemm", "f w b", "g", transB=1),
            node("Softmax", "g", "y", axis=1),
        ],
        {"x": (1, 8, 4, 4)},
        {"y": (1, 10)},
        {"w": (10, 128), "b": (10,)},
    ),
    # One head: scores of queries and keys, softmax, values, projection, and the input added again.
    "attention": Graph(
        [
            node("MatMul", "x wq", "q"),
            node("MatMul", "x wk", "k"),
            node("MatMul", "x wv", "v"),
            node("Transpose", "k", "kt", perm=[0, 2, 1]),
            node("MatMul", "q kt", "s"),
            node("Mul", "s scale", "ss"),
            node("Softmax", "ss", "p", axis=-1),
            node("MatMul", "p v", "c"),
            node("MatMul", "c wo", "o"),
            node("Add", "x o", "y"),
        ],
        {"x": TOKENS},
        {"y": TOKENS},
        {**dict.fromkeys(("wq", "wk", "wv", "wo"), (32, 32)), "scale": 32**-0.5},
    ),
    # Spelt out, as exporters did before there was an operation for either.
    "layernorm-gelu": Graph(
        [
            node("ReduceMean", "x", "mu", axes=[-1]),
            node("Sub", "x mu", "d"),
            node("Pow", "d two", "d2"),
            node("ReduceMean", "d2", "var", axes=[-1]),
            node("Add", "var eps", "ve"),
            node("Sqrt", "ve", "sd"),
            node("Div", "d sd", "n"),
            node("Mul", "n g", "ng"),
            node("Add", "ng b", "z"),
            node("Div", "z sqrt2", "zs"),
            node("Erf", "zs", "er"),
            node("Add", "er one", "e1"),
            node("Mul", "z e1", "ze"),
            node("Mul", "ze half", "y"),
        ],
        {"x": TOKENS},
        {"y": TOKENS},
        {
            "two": 2.0,
            "eps": 1e-5,
            "sqrt2": 2**0.5,
            "one": 1.0,
            "half": 0.5,
            "g": [0.8 + 0.0125 * k for k in range(32)],
            "b": (32,),
        },
    ),
    # Rows are mixed, then columns.
    "mixer": Graph(
        [
            node("Transpose", "x", "xt", perm=[0, 2, 1]),
            node("MatMul", "xt w1", "m1"),
            node("Relu", "m1", "r1"),
            node("Transpose", "r1", "rt", perm=[0, 2, 1]),
            node("MatMul", "rt w2", "m2"),
            node("Add", "x m2", "y"),
        ],
        {"x": TOKENS},
        {"y": TOKENS},
        {"w1": (16, 16), "w2": (32, 32)},
    ),
    # A picture and a row of numbers: inputs of ranks 4 and 2.
    "two-inputs-ranks": Graph(
        [
            node("Conv", "picture w", "c", pads=SAME),
            node("GlobalAveragePool", "c", "p"),
            node("Flatten", "p", "f"),
            node("Concat", "f vector", "j", axis=1),
            node("Gemm", "j g", "y", transB=1),
        ],
        {"picture": (1, 3, 16, 16), "vector": (1, 24)},
        {"y": (1, 16)},
        {"w": (8, 3, 3, 3), "g": (16, 32)},
    ),
}
