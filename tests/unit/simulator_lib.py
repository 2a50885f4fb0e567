"""The simulator through ctypes: structures of the ABI, and calls with Python arguments."""

from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, ClassVar

from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = PROJECT / "pkgs" / "rknn" / "simulator"
OK, FAIL, PARAM, MODEL, CTX, INPUT, OUTPUT, TARGET = 0, -1, -5, -6, -7, -8, -9, -13
FLOAT32, FLOAT16, INT8, UINT8, INT16, INT64 = 0, 1, 2, 3, 4, 8
NCHW, NHWC, NC1HWC2, UNDEFINED = 0, 1, 2, 3
TYPE_BYTES = {0: 4, 1: 2, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 4, 8: 8, 9: 1, 11: 2}
IN_OUT_NUM, INPUT_ATTR, OUTPUT_ATTR, PERF_DETAIL, PERF_RUN, SDK_VERSION = range(6)
MEM_SIZE, CUSTOM_STRING, NATIVE_INPUT, NATIVE_OUTPUT, NHWC_INPUT, NHWC_OUTPUT = range(6, 12)
DEVICE_MEM, DYNAMIC_RANGE, CURRENT_INPUT, CURRENT_OUTPUT = range(12, 16)


class Attr(c.Structure):
    """rknn_tensor_attr."""

    _fields_: ClassVar = [
        ("index", c.c_uint32),
        ("n_dims", c.c_uint32),
        ("dims", c.c_uint32 * 16),
        ("name", c.c_char * 256),
        ("n_elems", c.c_uint32),
        ("size", c.c_uint32),
        ("fmt", c.c_int),
        ("type", c.c_int),
        ("qnt_type", c.c_int),
        ("fl", c.c_int8),
        ("zp", c.c_int32),
        ("scale", c.c_float),
        ("w_stride", c.c_uint32),
        ("size_with_stride", c.c_uint32),
        ("pass_through", c.c_uint8),
        ("h_stride", c.c_uint32),
    ]

    @property
    def shape(self) -> tuple[int, ...]:
        """The dimensions in use."""
        return tuple(self.dims[: self.n_dims])


class Range(c.Structure):
    """rknn_input_range."""

    _fields_: ClassVar = [
        ("index", c.c_uint32),
        ("shape_number", c.c_uint32),
        ("fmt", c.c_int),
        ("name", c.c_char * 256),
        ("dyn_range", (c.c_uint32 * 16) * 512),
        ("n_dims", c.c_uint32),
    ]


class Input(c.Structure):
    """rknn_input."""

    _fields_: ClassVar = [
        ("index", c.c_uint32),
        ("buf", c.c_void_p),
        ("size", c.c_uint32),
        ("pass_through", c.c_uint8),
        ("type", c.c_int),
        ("fmt", c.c_int),
    ]


class Output(c.Structure):
    """rknn_output."""

    _fields_: ClassVar = [
        ("want_float", c.c_uint8),
        ("is_prealloc", c.c_uint8),
        ("index", c.c_uint32),
        ("buf", c.c_void_p),
        ("size", c.c_uint32),
    ]


class Mem(c.Structure):
    """rknn_tensor_mem."""

    _fields_: ClassVar = [
        ("virt_addr", c.c_void_p),
        ("phys_addr", c.c_uint64),
        ("fd", c.c_int32),
        ("offset", c.c_int32),
        ("size", c.c_uint32),
        ("flags", c.c_uint32),
        ("priv_data", c.c_void_p),
    ]


class MemSize(c.Structure):
    """rknn_mem_size."""

    _fields_: ClassVar = [
        ("weight", c.c_uint32),
        ("internal", c.c_uint32),
        ("dma", c.c_uint64),
        ("sram", c.c_uint32 * 12),
    ]


class InOut(c.Structure):
    """rknn_input_output_num."""

    _fields_: ClassVar = [("n_input", c.c_uint32), ("n_output", c.c_uint32)]


class SdkVersion(c.Structure):
    """rknn_sdk_version."""

    _fields_: ClassVar = [("api", c.c_char * 256), ("drv", c.c_char * 256)]


class Simulator:
    """The loaded library. Methods return the library's own codes; none raises."""

    def __init__(self, path: Path) -> None:
        self.lib = c.CDLL(str(path))
        memory = c.POINTER(Mem)
        u32, u64, pointer = c.c_uint32, c.c_uint64, c.c_void_p
        for name, result, arguments in (
            ("rknn_init", c.c_int, [c.POINTER(u64), c.c_char_p, u32, u32, pointer]),
            ("rknn_dup_context", c.c_int, [c.POINTER(u64), c.POINTER(u64)]),
            ("rknn_destroy", c.c_int, [u64]),
            ("rknn_query", c.c_int, [u64, c.c_int, pointer, u32]),
            ("rknn_inputs_set", c.c_int, [u64, u32, pointer]),
            ("rknn_run", c.c_int, [u64, pointer]),
            ("rknn_wait", c.c_int, [u64, pointer]),
            ("rknn_outputs_get", c.c_int, [u64, u32, pointer, pointer]),
            ("rknn_outputs_release", c.c_int, [u64, u32, pointer]),
            ("rknn_set_core_mask", c.c_int, [u64, c.c_int]),
            ("rknn_set_batch_core_num", c.c_int, [u64, c.c_int]),
            ("rknn_set_input_shapes", c.c_int, [u64, u32, pointer]),
            ("rknn_create_mem", memory, [u64, u32]),
            ("rknn_create_mem2", memory, [u64, u64, u64]),
            ("rknn_create_mem_from_fd", memory, [u64, c.c_int32, pointer, u32, c.c_int32]),
            ("rknn_create_mem_from_phys", memory, [u64, u64, pointer, u32]),
            ("rknn_create_mem_from_mb_blk", memory, [u64, pointer, c.c_int32]),
            ("rknn_destroy_mem", c.c_int, [u64, pointer]),
            ("rknn_mem_sync", c.c_int, [u64, pointer, c.c_int]),
            ("rknn_set_io_mem", c.c_int, [u64, pointer, pointer]),
            ("rknn_set_internal_mem", c.c_int, [u64, pointer]),
            ("rknn_matmul_create", c.c_int, [c.POINTER(u64), pointer, pointer]),
            ("rknn_matmul_set_core_mask", c.c_int, [u64, c.c_int]),
            ("rknn_matmul_set_io_mem", c.c_int, [u64, pointer, pointer]),
            ("rknn_matmul_run", c.c_int, [u64]),
            ("rknn_matmul_destroy", c.c_int, [u64]),
        ):
            function = getattr(self.lib, name)
            function.restype = result
            function.argtypes = arguments

    def init(self, model: bytes, *, flags: int = 0) -> tuple[int, int]:
        """Return (code, handle) of rknn_init from memory."""
        handle = c.c_uint64()
        code = self.lib.rknn_init(c.byref(handle), model, len(model), flags, None)
        return code, handle.value

    def init_path(self, path: Path) -> tuple[int, int]:
        """Return (code, handle) of rknn_init from a file."""
        handle = c.c_uint64()
        code = self.lib.rknn_init(c.byref(handle), str(path).encode(), 0, 0, None)
        return code, handle.value

    def open(self, model: bytes, *, flags: int = 0) -> int:
        """Return the handle of a model that must load."""
        code, handle = self.init(model, flags=flags)
        assert code == OK, f"rknn_init returned {code}"
        return handle

    def query(self, handle: int, cmd: int, info: c.Structure | c.Array[c.c_char]) -> int:
        """Return the code of rknn_query into `info`."""
        return int(self.lib.rknn_query(handle, cmd, c.byref(info), c.sizeof(info)))

    def attr(self, handle: int, cmd: int, index: int = 0) -> Attr:
        """Return an attribute that must be answered."""
        attr = Attr(index=index)
        code = self.query(handle, cmd, attr)
        assert code == OK, f"rknn_query {cmd} of tensor {index} returned {code}"
        return attr

    def counts(self, handle: int) -> tuple[int, int]:
        """Return the numbers of inputs and outputs."""
        both = InOut()
        code = self.query(handle, IN_OUT_NUM, both)
        assert code == OK, f"IN_OUT_NUM returned {code}"
        return both.n_input, both.n_output

    def set_input(self, handle: int, size: int, *, index: int = 0, kind: int = UINT8) -> int:
        """Return the code of rknn_inputs_set with one input of `size` zero bytes."""
        data = c.create_string_buffer(size)
        one = Input(index=index, buf=c.addressof(data), size=size, type=kind, fmt=NHWC)
        return int(self.lib.rknn_inputs_set(handle, 1, c.byref(one)))

    def set_all_inputs(self, handle: int) -> None:
        """Set every input as float32 zeros."""
        for index in range(self.counts(handle)[0]):
            size = self.attr(handle, INPUT_ATTR, index).n_elems * 4
            code = self.set_input(handle, size, index=index, kind=FLOAT32)
            assert code == OK, f"rknn_inputs_set of input {index} returned {code}"

    def run(self, handle: int) -> int:
        """Return the code of rknn_run."""
        return int(self.lib.rknn_run(handle, None))

    def outputs(self, handle: int, outputs: list[Output]) -> tuple[int, c.Array[Output]]:
        """Return the code of rknn_outputs_get and what it filled in."""
        array = (Output * len(outputs))(*outputs)
        return int(self.lib.rknn_outputs_get(handle, len(outputs), array, None)), array
