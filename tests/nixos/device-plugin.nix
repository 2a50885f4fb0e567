# The device plugin without a kubelet: it waits in one line, keeps the labels up to date, and leaves nothing behind.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.machine = {
    imports = [ ./board ];
    mySystem.rknn.readyTimeout = 2;
    mySystem.rknn.kubernetes.enable = true;
  };

  testScript = ''
    labels = "/etc/kubernetes/node-feature-discovery/features.d/rknn"
    unit = "rknn-device-plugin.service"
    machine.wait_for_unit("rknn-cdi.service")
    machine.wait_for_unit(unit)

    with subtest("labels, for everybody to read"):
        machine.wait_until_succeeds(f"test -e {labels}", timeout=20)
        said = machine.succeed(f"cat {labels}")
        assert "rockchip.com/npu.soc=rk3588" in said.splitlines(), said
        assert "rockchip.com/npu.cores=3" in said.splitlines(), said
        assert "rockchip.com/npu.driver-version=0.9.8" in said.splitlines(), said
        assert machine.succeed(f"stat -c %a {labels}") == "644\n"

    with subtest("the kubelet's folder is its own"):
        said = machine.succeed("stat -c '%U:%G %a' /var/lib/kubelet /var/lib/kubelet/device-plugins")
        assert said == "root:root 750\n" * 2, said

    with subtest("it waits for the kubelet, and says so once"):
        machine.succeed("sleep 5")
        said = machine.succeed(f"journalctl --sync && journalctl -u {unit} -o cat")
        lines = [line for line in said.splitlines() if "kubelet.sock" in line]
        assert len(lines) == 1, said
        assert machine.succeed(f"systemctl show --value -p NRestarts {unit}") == "0\n"

    with subtest("labels go with the driver, and come back with it"):
        machine.succeed("rmmod rknpu")
        machine.wait_until_succeeds(f"test ! -e {labels}", timeout=20)
        machine.succeed("modprobe rknpu")
        machine.wait_until_succeeds(f"test -e {labels}", timeout=20)

    with subtest("stopped, it leaves nothing"):
        machine.succeed(f"systemctl stop {unit}")
        machine.fail(f"test -e {labels}")
        assert machine.succeed("ls -A /var/lib/kubelet/device-plugins") == ""
        assert machine.succeed(f"systemctl show --value -p Result {unit}") == "success\n"
  '';
}
