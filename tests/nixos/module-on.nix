# The module on, with little more said: what a root shell finds.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.machine = {
    imports = [ ./board ];
    mySystem.rknn.soc = "Orange Pi 5 Plus";
  };

  testScript = ''
    machine.wait_for_unit("rknn-ready.service")
    said = machine.succeed("journalctl --sync && journalctl -u rknn-ready.service -o cat")
    lines = said.splitlines()
    assert "SoC: rk3588 (xunlong,orangepi-5-plus)" in lines, said
    assert "driver: rknpu 0.9.8" in lines, said
    [node] = [line.removeprefix("node: ") for line in lines if line.startswith("node: ")]
    path, access = node.split(", ")
    assert access == "root:render 0660", node

    with subtest("the NPU's nodes are the group's, and nobody else's"):
        for name in ("card", "renderD"):
            udev = f"udevadm trigger --dry-run --verbose --subsystem-match=drm --sysname-match='{name}*'"
            devices = machine.succeed(udev).split()
            ours = [device for device in devices if "/RKNPU/" in device]
            assert len(ours) == 1, devices
            dev = ours[0].rpartition("/")[2]
            said = machine.succeed(f"stat -c '%U:%G %a' /dev/dri/{dev}")
            assert said == "root:render 660\n", f"{dev}: {said}"

    with subtest("commands are on the system path"):
        assert "inference: [1, 8, 16, 24]" in machine.succeed("rknn-python /etc/npu/infer.py")
        assert f"node: {path}" in machine.succeed("rknn-ready --soc=rk3588")
        machine.succeed("rknn-npu-load --json")
        machine.succeed("command -v rknn_benchmark")
        machine.succeed("test -e /run/current-system/sw/lib/librknnrt.so")

    with subtest("nothing is set for programs that did not ask"):
        machine.fail("env | grep LD_LIBRARY_PATH")
        machine.fail("test -e /usr/lib/librknnrt.so")
        machine.fail("grep -w rocket /proc/modules")
  '';
}
