/* Stands where Rockchip's header of this name stands. */
#ifdef __cplusplus
extern "C" {
#endif
int rknn_register_custom_ops(unsigned long long context, void *op, unsigned count);
#ifdef __cplusplus
}
#endif
