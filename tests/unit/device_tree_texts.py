"""A small tree with the NPU of an RK3588, as it is with the overlay on it."""

from __future__ import annotations

# Numbers are made up where the check only compares them.
CORE = """
    rknn_core_{n}: npu@{at:x} {{
        compatible = "rockchip,rk3588-rknn-core";
        reg = <0x0 {at:#x} 0x0 0x1000>, <0x0 {after:#x} 0x0 0x1000>;
        interrupts = <0 {irq} 4 0>;
        clocks = <&cru {aclk}>, <&cru {hclk}>, <&scmi_clk 6>, <&cru 300>;
        clock-names = "aclk", "hclk", "npu", "pclk";
        resets = <&cru {aclk}>, <&cru {hclk}>;
        power-domains = <&power {n}>;
        npu-supply = <&vdd_npu_s0>;
        sram-supply = <&vdd_npu_mem_s0>;
        iommus = <&rknn_mmu_{n}>;
        status = "disabled";
    }};
    rknn_mmu_{n}: iommu@{mmu:x} {{ #iommu-cells = <0>; status = "disabled"; }};
"""
CORES = "".join(
    CORE.format(
        n=n,
        at=0xFDAB0000 + n * 0x10000,
        after=0xFDAB3000 + n * 0x10000,
        mmu=0xFDAB9000 + n * 0x10000,
        irq=110 + n,
        aclk=100 + n,
        hclk=200 + n,
    )
    for n in range(3)
)
NPU = """
    rknpu@fdab0000 {
        compatible = "rockchip,rk3588-rknpu";
        reg = <0x0 0xfdab0000 0x0 0x10000>,
            <0x0 0xfdac0000 0x0 0x10000>,
            <0x0 0xfdad0000 0x0 0x10000>;
        interrupts = <0 110 4 0>, <0 111 4 0>, <0 112 4 0>;
        interrupt-names = "npu0_irq", "npu1_irq", "npu2_irq";
        clocks = <&scmi_clk 6>, <&cru 100>, <&cru 101>, <&cru 102>,
            <&cru 200>, <&cru 201>, <&cru 202>, <&cru 300>;
        clock-names = "scmi_clk", "aclk0", "aclk1", "aclk2", "hclk0", "hclk1", "hclk2", "pclk";
        assigned-clocks = <&scmi_clk 6>;
        assigned-clock-rates = <200000000>;
        resets = <&cru 100>, <&cru 101>, <&cru 102>, <&cru 200>, <&cru 201>, <&cru 202>;
        reset-names = "srst_a0", "srst_a1", "srst_a2", "srst_h0", "srst_h1", "srst_h2";
        power-domains = <&power 0>, <&power 1>, <&power 2>;
        power-domain-names = "npu0", "npu1", "npu2";
        rknpu-supply = <&vdd_npu_s0>;
        mem-supply = <&vdd_npu_mem_s0>;
        status = "okay";
    };
"""
BOARD = f"""
/dts-v1/;
/ {{
    compatible = "xunlong,orangepi-5-plus", "rockchip,rk3588";
    interrupt-parent = <&gic>;
    #address-cells = <2>;
    #size-cells = <2>;
    gic: interrupt-controller {{ interrupt-controller; #interrupt-cells = <4>; }};
    cru: clocks {{ #clock-cells = <1>; #reset-cells = <1>; }};
    scmi_clk: firmware {{ #clock-cells = <1>; }};
    power: domains {{ #power-domain-cells = <1>; }};
    i2c: i2c {{
        status = "okay";
        vdd_npu_s0: npu {{ regulator-name = "vdd_npu_s0"; }};
        vdd_npu_mem_s0: memory {{ regulator-name = "vdd_npu_mem_s0"; }};
        vdd_cpu_s0: cpu {{ regulator-name = "vdd_cpu_s0"; }};
        sensor: sensor {{ status = "okay"; }};
    }};
    {CORES}
    {NPU}
}};
"""
OPTIONS = (
    *("--compatible", "xunlong,orangepi-5-plus"),
    *("--supply", "vdd_npu_s0"),
    *("--mem-supply", "vdd_npu_mem_s0"),
    *("--clock-rate", "200000000"),
)
