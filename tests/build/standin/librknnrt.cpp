// A shared library with the marks of the vendor's that the builds look at: functions, SONAME, version text, libstdc++.
// Like theirs it lacks rknn_create_mem_from_mb_blk, which the header declares.
#include <string>

#include "rknn_api.h"
#include "rknn_custom_op.h"
#include "rknn_matmul_api.h"

extern "C" const char rknn_version_text[] = "librknnrt version: " VERSION " (0123456789@2025-04-09T09:09:27)";

int rknn_init(rknn_context *context, void *, uint32_t, uint32_t, void *)
{
	*context = std::string(rknn_version_text).size();
	return 0;
}
#ifndef WITHOUT_DESTROY
int rknn_destroy(rknn_context) { return 0; }
#endif
int rknn_matmul_run(unsigned long long) { return 0; }
int rknn_register_custom_ops(unsigned long long, void *, unsigned) { return 0; }
