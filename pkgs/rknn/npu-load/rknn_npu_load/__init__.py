"""Load and frequency of Rockchip's NPU, as its kernel driver rknpu tells them."""
