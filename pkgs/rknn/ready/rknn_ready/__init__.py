"""Whether Rockchip's NPU can be used on this machine, and what is in the way where it can't."""
