"""The functions that a C header declares are found, and nothing else."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import check_elf
import checking

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """
#ifndef API_H /* int guard(void); */
#define API_H
#include <stdint.h>
#define CALL(x) \\
    int x(void);
#ifdef __cplusplus
extern "C" {
#endif
typedef enum _kind { KIND_A = 0, KIND_B = (1 << 2) } kind;
typedef struct _op {
  int (*init)(struct _op* self, uint32_t n);
  struct { int (*inner)(void); } nested;
} op;
typedef op* (*get_op_func)();
inline static const char* kind_name(kind k)
{
  switch (k) { case KIND_A: return "a(b);"; default: return "}"[0] ? "" : ""; }
}
/* int in_a_comment(void); */
// int in_a_line_comment(void);
int plain(void);
op* returns_pointer(uint64_t size, uint64_t flags);
const struct _op *const returns_const(void);
int many_lines(op* first, /* the first */
               int count, // the second
               uint32_t const sizes[]);
__attribute__((visibility("default"))) void with_attribute(int (*callback)(int, void*));
extern int with_extern(void) __attribute__((deprecated("use plain()")));
extern int variable;
int (*pointer_variable)(void);
unsigned int (*other_pointer_variable)(void);
struct _op another;
#ifdef __cplusplus
}
#endif
#endif
"""

NAMES = {
    "plain",
    "returns_pointer",
    "returns_const",
    "many_lines",
    "with_attribute",
    "with_extern",
}


def declared(folder: Path, text: str) -> frozenset[str]:
    path = folder / "api.h"
    path.write_text(text, encoding="utf-8")
    return check_elf.declared_functions(path)


def test_all_declarations_and_no_others(tmp_path: Path) -> None:
    assert declared(tmp_path, HEADER) == NAMES


def test_a_single_extern_c_declaration(tmp_path: Path) -> None:
    assert declared(tmp_path, 'extern "C" int one(void);\r\nint two(void);') == {"one", "two"}


@pytest.mark.parametrize("text", ["", "typedef int (*f)(void);\n", "/* int f(void); */", "int x;"])
def test_a_header_without_functions_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(checking.CheckError, match=r"api\.h: header: found no function declared"):
        declared(tmp_path, text)


def test_a_missing_header_is_named(tmp_path: Path) -> None:
    with pytest.raises(checking.CheckError, match=r"gone\.h: header: found No such file"):
        check_elf.declared_functions(tmp_path / "gone.h")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    names=st.sets(
        st.text(string.ascii_letters + "_", min_size=1, max_size=12).map("rknn_{}".format),
        min_size=1,
    ),
    between=st.sampled_from(["\n", " /* ; ( */ ", "\n// int x(void);\n", "\n#if 1\n#endif\n"]),
    kind=st.sampled_from(["int ", "void* ", "const char *", "op\n*\n"]),
)
def test_what_is_written_is_found(tmp_path: Path, names: set[str], between: str, kind: str) -> None:
    text = between.join(f"{kind}{name}(int a,\n  void *b);" for name in sorted(names))
    assert declared(tmp_path, text) == names
