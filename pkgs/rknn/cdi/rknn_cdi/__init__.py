"""Rockchip's NPU for containers: its nodes, its library and the SoC's name, as a CDI spec."""
