/* The functions of rknn_custom_op.h. Operators can be registered; as no graph is run, their
 * callbacks are never called. */
#include <inttypes.h>
#include <string.h>

#include "simulator.h"

EXPORT int rknn_register_custom_ops(rknn_context handle, const void *ops, uint32_t count)
{
	int status = RKNN_SUCC;

	lock();
	if (!context_of_kind(handle, CONTEXT_MODEL, __func__))
		status = RKNN_ERR_CTX_INVALID;
	else if (!ops || count == 0)
		status = RKNN_ERR_PARAM_INVALID;
	else
		log_line(LOG_WARN, "simulator: %" PRIu32 " custom operators registered; they are not called",
		         count);
	unlock();
	return status;
}

/* Only a callback can have an operator's context, so there is never an attribute to find. */
EXPORT void rknn_custom_op_get_op_attr(const void *operator_context, const char *name,
                                       rknn_custom_op_attr *attr)
{
	(void)operator_context, (void)name;
	if (attr)
		memset(attr, 0, sizeof *attr);
}
