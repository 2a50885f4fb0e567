# Containers of docs/integration: each runs a model, as nobody, and has nothing of the machine but the NPU.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.machine =
    { lib, pkgs, ... }:
    {
      imports = [
        ./board
        ../../docs/integration/containers.nix
      ];
      virtualisation.diskSize = 4096;
      virtualisation.memorySize = 2048;
      virtualisation.oci-containers.containers.detector.imageFile =
        lib.mkForce pkgs.rknn.simulated.oci-image;
    };

  testScript = ''
    machine.wait_for_unit("rknn-cdi.service")
    program = "sed s,/etc/npu,/var/lib/detector, /etc/npu/infer.py >/var/lib/detector/detect.py"
    machine.succeed(f"mkdir -p /var/lib/detector && {program}")
    machine.succeed("install -m444 /etc/npu/model.rknn /var/lib/detector/model.rknn")

    for unit in ("podman-detector.service", "counter.service"):
        with subtest(unit):
            # Both have failed until now, one of them many times.
            machine.succeed(f"systemctl reset-failed {unit}; systemctl restart {unit} || true")
            runs = f"journalctl -u {unit} -o cat | grep -F 'inference: [1, 8, 16, 24]'"
            machine.wait_until_succeeds(runs, timeout=120)

    image = "$(podman images --format '{{.Repository}}:{{.Tag}}' | grep -m1 /rknn:)"
    run = "podman run --rm --network=none --cap-drop=all"
    look = "import os; print(os.getuid(), sorted(os.listdir('/dev/dri')), sorted(os.environ))"

    with subtest("nobody, the NPU's nodes, and which core"):
        said = machine.succeed(f'{run} --device rockchip.com/npu=core1 {image} -c "{look}"')
        assert said.startswith("65534 "), said
        assert "'renderD129'" in said, said
        assert "'RKNN_CORE_MASK'" in said, said

    with subtest("without its name there is no NPU"):
        status, said = machine.execute(f'{run} {image} -c "{look}" 2>&1')
        assert status != 0, said
        assert "/dev/dri" in said, said

    with subtest("without the driver there is no such device"):
        # They start over and over, and a driver in use stays.
        machine.succeed("systemctl stop podman-detector.service counter.service")
        machine.succeed("rmmod rknpu")
        machine.wait_until_succeeds("test ! -e /run/cdi/rockchip.com-npu.json", timeout=30)
        status, said = machine.execute(f"{run} --device rockchip.com/npu=all {image} -c pass 2>&1")
        assert status != 0, said
        assert "rockchip.com/npu=all" in said, said
  '';
}
