"""What the toolkit says of models, shapes and samples, and what we say instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACE = re.compile(r"\{(?P<name>\w+)(?P<quoted>!r)?\}")


@dataclass(frozen=True)
class Phrase:
    """A pattern for the toolkit's words, and our line: its places are the pattern's groups.

    {model}, {target} and {python} have a place too.
    """

    pattern: str
    line: str


PHRASES = (
    Phrase(
        r"ModuleNotFoundError: No module named 'rknn(?:\.api)?'",
        "rknn-toolkit2 is not installed for {python}; install its wheel beside rknn-convert",
    ),
    Phrase(
        r"PackageNotFoundError: .*rknn-toolkit2",
        "rknn-toolkit2 has no metadata (*.dist-info) for {python}; install its wheel whole",
    ),
    Phrase(
        r"[Nn]o module named '?tensorflow|'import tensorflow' failed",
        "{model}: the toolkit reads it with TensorFlow, which {python} has not; convert it to "
        "ONNX (tf2onnx), or add tensorflow to the toolkit (extraPythonPackages of rknn.convert)",
    ),
    Phrase(
        r"No module named 'onnxscript'",
        "{model}: scripted TorchScript is read with onnxscript, which {python} has not; trace "
        "the model (torch.jit.trace), or install it",
    ),
    Phrase(
        r"(?:ModuleNotFound|Import)Error: (?P<what>[^\n]*)",
        "the toolkit can't be used with {python}: {what}",
    ),
    Phrase(
        r"Model file (?P<file>.*) not exists!",
        "{model}: the toolkit can't open it; is it still there?",
    ),
    Phrase(
        r"DecodeError: Error parsing message",
        "{model}: no ONNX model, or not all of one; export it again, or say --format",
    ),
    Phrase(
        r"The input shape (?P<shape>\[[^\]]*\]) of '(?P<name>[^']*)' is not support!",
        "{model}: the shape of its input {name!r} is open, {shape}; say it, such as "
        "--input {name}:1,3,224,224",
    ),
    Phrase(
        r"The '(?P<name>[^']*)' in (?P<side>input|output)s=\[[^\]]*\] is invalid!",
        "{model}: it has no tensor {name!r} to be an {side}; look for its names in Netron",
    ),
    Phrase(
        r"The len of (?P<key>\w+) \((?P<said>\[[^\]]*\])\) for input (?P<input>\d+) is wrong, "
        r"expect (?P<right>\d+)",
        "{key}: found {said} for input {input} of {model}, which has {right} channels",
    ),
    Phrase(
        r"^Invalid (?P<key>\w+) (?P<said>'[^']*'), expect in \[(?P<known>[^\]]*)\]",
        "{key} = {said}: the toolkit knows {known}",
    ),
    Phrase(
        r"The image of (?P<file>.*) is invalid!",
        "{file}: no image that can be decoded; is all of it there?",
    ),
    Phrase(
        r"The input\('(?P<file>.*)'\) shape \((?P<shape>[^)]*)\) is wrong, expect '\w+' like "
        r"\((?P<right>[^)]*)\)",
        "{file}: its shape is ({shape}), and the model takes ({right})",
    ),
    Phrase(
        r"The input num: (?P<found>\d+) in .* not match input num: (?P<right>\d+) in model",
        "the dataset names {found} file(s) a line, and {model} has {right} input(s)",
    ),
    Phrase(
        r"not support do_quantization = False",
        "{target} runs quantized models only; say --quantize DATASET",
    ),
    Phrase(
        r"The input (?P<input>\d+) of (?P<op>\w+)\('(?P<node>[^']*)'\) need to be constant",
        "{model}: {op} (node {node!r}) makes sizes that are not known beforehand: its input "
        "{input} has to be constant; end the model before it (--output-tensor)",
    ),
    Phrase(
        r'In Node, \("(?P<node>[^"]*)", (?P<op>\w+), "(?P<domain>[^"]*)".*Error (?P<why>[^\n]*)',
        "{model}: {op} of {domain!r} (node {node!r}): {why}; end the model before it "
        "(--output-tensor), or write it with ONNX's own operations",
    ),
    Phrase(
        r"Could not find an implementation for (?P<op>\w+\(\d+\))",
        "{model}: the onnxruntime beside the toolkit is too old for {op}; take 1.16 or newer",
    ),
    Phrase(
        r"No space left on device",
        "no space left in the folder for temporary files; TMPDIR can name another",
    ),
    Phrase(
        r"^MemoryError|bad_alloc",
        "{model}: not enough memory; free some, or convert on a bigger machine",
    ),
)


def line(text: str, model: str, target: str, python: str) -> str | None:
    """Return what we say instead of `text`, or None where we know no better words."""
    for phrase in PHRASES:
        if found := re.search(phrase.pattern, text, re.DOTALL):
            groups = found.groupdict()
            return _filled(
                phrase.line, {**groups, "model": model, "target": target, "python": python}
            )
    return None


def _filled(words: str, values: dict[str, str]) -> str:
    def value(place: re.Match[str]) -> str:
        flat = " ".join(values[place["name"]].split())
        return repr(flat) if place["quoted"] else flat

    return PLACE.sub(value, words)
