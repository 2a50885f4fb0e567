/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/types.h>

/* Make the nodes that are asked for; returns 0 or a negative errno, and then none is left. */
int bare_nodes_add(bool heap, bool accel);
void bare_nodes_remove(void);
