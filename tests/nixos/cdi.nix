# The CDI spec follows the NPU: it is there when the machine is up, names what is there, goes with the driver and comes back with it.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.machine = {
    imports = [ ./board ];
    mySystem.rknn.readyTimeout = 2;
    mySystem.rknn.cdi.enable = true;
  };

  testScript = ''
    import json

    spec = "/run/cdi/rockchip.com-npu.json"
    machine.wait_for_unit("rknn-cdi.service")
    said = machine.succeed(f"cat {spec}")
    found = json.loads(said)
    edits = found["containerEdits"]

    with subtest("it has a name for the NPU and for each core"):
        names = [device["name"] for device in found["devices"]]
        assert found["kind"] == "rockchip.com/npu", said
        assert names == ["all", "core0", "core1", "core2"], names

    with subtest("it names the NPU's nodes, and the group"):
        group = int(machine.succeed("grep ^render: /etc/group").split(":")[2])
        card, render = sorted(edits["deviceNodes"], key=lambda node: node["path"])
        assert card["path"].startswith("/dev/dri/card"), said
        assert render["path"] == "/dev/dri/renderD129", said
        for node in (card, render):
            outside = node.get("hostPath", node["path"])
            driver = machine.succeed(f"readlink /sys/class/drm/{outside.rpartition('/')[2]}/device/driver")
            assert driver.endswith("/RKNPU\n"), f"{outside}: {driver}"
            assert node["gid"] == group, said
        assert edits["additionalGids"] == [group], said

    with subtest("what it mounts is there, and nothing of it can be written"):
        inside = [mount["containerPath"] for mount in edits["mounts"]]
        assert "/usr/lib/librknnrt.so" in inside, inside
        assert "/run/rknn/compatible" in inside, inside
        for device in found["devices"]:
            env = edits.get("env", []) + device["containerEdits"].get("env", [])
            assert "RKNN_DEVICE_COMPATIBLE_NODE=/run/rknn/compatible" in env, device
        for mount in edits["mounts"]:
            machine.succeed(f"test -e {mount['hostPath']}")
            assert "ro" in mount["options"], mount

    with subtest("everybody can read it, and the SoC's name"):
        copy, original = (
            machine.succeed(f"tr '\\0' '\\n' <{path}")
            for path in ("/run/rknn/compatible", "/proc/device-tree/compatible")
        )
        assert copy == original, copy
        modes = machine.succeed(f"stat -c '%U %a' /run/cdi {spec} /run/rknn /run/rknn/compatible")
        assert modes == "root 755\nroot 644\n" * 2, modes

    with subtest("others' specs stay"):
        machine.succeed("touch /run/cdi/other.json && systemctl restart rknn-cdi.service")
        machine.succeed("test -e /run/cdi/other.json")
        assert machine.succeed(f"cat {spec}") == said

    with subtest("it goes with the driver"):
        machine.succeed("rmmod rknpu")
        machine.wait_until_succeeds(f"test ! -e {spec}", timeout=20)
        words = "journalctl --sync && journalctl -u rknn-cdi.service -o cat | grep -F 'no driver rknpu'"
        machine.wait_until_succeeds(words, timeout=30)

    with subtest("it comes back with it"):
        machine.succeed("modprobe rknpu")
        machine.wait_until_succeeds(f"test -e {spec}", timeout=20)
        machine.wait_until_succeeds("systemctl is-active rknn-cdi.service")

    with subtest("stopped, it leaves nothing of its own"):
        machine.succeed("systemctl stop rknn-cdi.service")
        machine.fail("ls /run/rknn/compatible")
        assert machine.succeed("ls /run/cdi") == "other.json\n"
  '';
}
