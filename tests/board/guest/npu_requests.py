"""Makes one request after the other to the NPU's driver; prints the answers as JSON.

    python3 npu_requests.py NODE '[["buffer", "create", {"size": 4096}], ...]' [FIFO]

Each is a name for the answer, one of REQUESTS and the fields that are not 0; "$buffer.handle" is
the field of an earlier answer. An answer is the fields after the call, or {"error": "EINVAL"}.
With a FIFO it waits, after the answers, until somebody has written there.
"mapped" writes into a buffer at `offset` and reads it; "niceness" asks how nice this process is.
"""

from __future__ import annotations

import errno
import fcntl
import json
import mmap
import os
import struct
import sys
from pathlib import Path
from typing import Any

# Number and fields of each request, with struct's letter for each.
REQUESTS = {
    "action": (0, "flags:I value:I"),
    "submit": (
        1,
        "flags:I timeout:I task_start:I task_number:I counted:I priority:i task_obj_addr:Q"
        " domain:I unused:I base:Q elapsed:q core_mask:I fence:i"
        + "".join(f" start{part}:I number{part}:I" for part in range(5)),
    ),
    "create": (2, "handle:I flags:I size:Q obj_addr:Q dma_addr:Q sram:Q domain:i core_mask:I"),
    "map": (3, "handle:I unused:I offset:Q"),
    "destroy": (4, "handle:I unused:I obj_addr:Q"),
    "sync": (5, "flags:I unused:I obj_addr:Q offset:Q size:Q"),
}


def asked(node: int, request: str, values: dict[str, Any]) -> dict[str, Any]:
    """Make a request; return its fields."""
    number, layout = REQUESTS[request]
    fields = [field.split(":") for field in layout.split()]
    kind = struct.Struct("=" + "".join(letter for _, letter in fields))
    data = kind.pack(*(values.get(name, 0) for name, _ in fields))
    command = 3 << 30 | kind.size << 16 | ord("d") << 8 | 0x40 + number
    answer = kind.unpack(fcntl.ioctl(node, command, data))
    return {name: value for (name, _), value in zip(fields, answer, strict=True)}


def mapped(node: int, offset: int) -> dict[str, Any]:
    """Return what other than zeros was in a buffer's first page, and what was then written."""
    with mmap.mmap(node, mmap.PAGESIZE, offset=offset) as memory:
        before = memory[:].strip(b"\0").hex()
        memory[:5] = b"hello"
        return {"before": before, "after": memory[:5].decode()}


def answer(node: int, request: str, values: dict[str, Any]) -> dict[str, Any]:
    """Do one of the requests."""
    try:
        if request == "mapped":
            return mapped(node, values["offset"])
        if request == "niceness":
            return {"nice": os.getpriority(os.PRIO_PROCESS, 0)}
        return asked(node, request, values)
    except OSError as error:
        return {"error": errno.errorcode[error.errno or 0]}


def main() -> None:
    """Do what the arguments say."""
    node = os.open(sys.argv[1], os.O_RDWR)
    answers: dict[str, dict[str, Any]] = {}
    for name, request, given in json.loads(sys.argv[2]):
        values = dict(given)
        for field, value in given.items():
            if isinstance(value, str):
                earlier, _, wanted = value.removeprefix("$").partition(".")
                values[field] = answers[earlier][wanted]
        answers[name] = answer(node, request, values)
    sys.stdout.write(f"{json.dumps(answers)}\n")
    sys.stdout.flush()
    for fifo in sys.argv[3:]:
        Path(fifo).read_bytes()


if __name__ == "__main__":
    main()
