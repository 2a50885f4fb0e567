"""protobuf 7: "'google._upb._message.FieldDescriptor' object has no attribute 'label'".

It is onnx.helper.strip_doc_string that asks for it, up to onnx 1.23 at least.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any


def strip_doc_string(proto: Any) -> None:  # noqa: ANN401 (protobuf's messages have no stubs)
    """Empty `doc_string` in a message and in all that it holds."""
    for field in proto.DESCRIPTOR.fields:
        if field.name == "doc_string":
            proto.ClearField(field.name)
        elif field.type == field.TYPE_MESSAGE:
            value = getattr(proto, field.name)
            if field.is_repeated:
                for item in value:
                    strip_doc_string(item)
            elif proto.HasField(field.name):
                strip_doc_string(value)


def apply() -> bool:
    """Put the one above in the place of onnx's; False where onnx's own does an empty model."""
    onnx, helper = import_module("onnx"), import_module("onnx.helper")
    try:
        with warnings.catch_warnings():
            # protobuf 6: "DeprecationWarning: label() is deprecated".
            warnings.simplefilter("ignore")
            helper.strip_doc_string(onnx.ModelProto())
    except AttributeError:
        helper.__dict__["strip_doc_string"] = strip_doc_string
        return True
    return False
