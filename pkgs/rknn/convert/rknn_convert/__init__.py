"""Conversion of models to Rockchip's .rknn format."""

__version__ = "0.1.0"
