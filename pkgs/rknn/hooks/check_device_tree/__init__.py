"""Whether a board's device tree, with the overlay for rknpu on it, describes the whole NPU."""
