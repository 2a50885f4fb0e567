/* Stands where Rockchip's header of this name stands; only as much as the builds look at. */
#ifndef RKNN_API_H
#define RKNN_API_H
#ifdef __cplusplus
extern "C" {
#endif
#include <stdint.h>

typedef uint64_t rknn_context;

int rknn_init(rknn_context *context, void *model, uint32_t size,
              uint32_t flag, void *extend);
int rknn_destroy(rknn_context context);
void *rknn_create_mem_from_mb_blk(rknn_context context, void *block, int32_t offset);

#ifdef __cplusplus
}
#endif
#endif
