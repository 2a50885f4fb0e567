"""doc_string is emptied on protobuf 7 too, and by onnx's own code wherever that works."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from toolkit_patches import protobuf_label

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["unit.toolkit_fixtures"]

MESSAGE = 11


class Field:
    """A field of a message as protobuf 7 describes it."""

    TYPE_MESSAGE = MESSAGE

    def __init__(self, name: str, kind: int, *, is_repeated: bool = False) -> None:
        self.name, self.type, self.is_repeated = name, kind, is_repeated


class Message:
    """A message with a text, one message inside, and a list of them."""

    DESCRIPTOR = SimpleNamespace(
        fields=[
            Field("name", 9),
            Field("doc_string", 9),
            Field("graph", MESSAGE),
            Field("nodes", MESSAGE, is_repeated=True),
        ]
    )

    def __init__(self, graph: Message | None = None, *nodes: Message) -> None:
        self.name = self.doc_string = "text"
        self.graph, self.nodes = graph, nodes

    def HasField(self, name: str) -> bool:  # noqa: N802 (protobuf's name)
        """Say whether a message inside is set."""
        return getattr(self, name) is not None

    def ClearField(self, name: str) -> None:  # noqa: N802
        """Empty a field."""
        setattr(self, name, "")


def strip_by_label(proto: Any) -> None:  # noqa: ANN401
    """Do what onnx.helper.strip_doc_string does first: ask a field for its label."""
    for field in proto.DESCRIPTOR.fields:
        if field.type == MESSAGE:
            _ = field.label


def strip_with_warning(proto: Any) -> None:  # noqa: ANN401
    del proto
    warnings.warn("label() is deprecated", DeprecationWarning, stacklevel=2)


@pytest.fixture
def helper(module: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes onnx.helper with a strip_doc_string."""

    def make(strip: Callable[[Any], None]) -> Any:  # noqa: ANN401
        made = module("onnx.helper", strip_doc_string=strip)
        module("onnx", helper=made, ModelProto=Message)
        return made

    return make


def test_it_is_replaced_where_the_label_is_gone(helper: Callable[..., Any]) -> None:
    made = helper(strip_by_label)
    with pytest.raises(AttributeError, match="label"):
        made.strip_doc_string(Message())
    assert protobuf_label.apply() is True
    inner, nodes = Message(), (Message(), Message(Message()))
    model = Message(inner, *nodes)
    made.strip_doc_string(model)
    for message in (model, inner, *nodes, nodes[1].graph):
        assert message is not None
        assert (message.name, message.doc_string) == ("text", "")


@pytest.mark.parametrize("strip", [strip_with_warning, lambda _: None])
@pytest.mark.filterwarnings("error")
def test_onnx_own_is_left_alone_where_it_works(
    helper: Callable[..., Any], strip: Callable[[Any], None]
) -> None:
    made = helper(strip)
    assert protobuf_label.apply() is False
    assert made.strip_doc_string is strip
