/* Stands where Rockchip's header of this name stands. */
#ifdef __cplusplus
extern "C" {
#endif
int rknn_matmul_run(unsigned long long context);
#ifdef __cplusplus
}
#endif
