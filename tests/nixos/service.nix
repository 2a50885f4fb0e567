# A service that comes after rknn-ready.service, under an account of its own, and does not start where the NPU is missing; and
# one that is not in the group.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.machine =
    { config, ... }:
    {
      imports = [
        ./board
        ../../docs/integration/detector.nix
      ];
      systemd.services.stranger.serviceConfig = {
        Type = "oneshot";
        DynamicUser = true;
        ExecStart = "${config.mySystem.rknn.python}/bin/python3 /etc/npu/infer.py";
      };
      mySystem.rknn.readyTimeout = 2;
      systemd.tmpfiles.settings."20-detector"."/var/lib/detector/detect.py"."L+".argument =
        "/etc/npu/infer.py";
    };

  testScript = ''
    machine.wait_for_unit("rknn-ready.service")
    machine.wait_until_succeeds("journalctl -u detector.service -o cat | grep -F 'inference: [1, 8, 16, 24]'")
    account = machine.succeed("journalctl -u detector.service -o json | grep -F inference")
    assert '"_UID":"0"' not in account, account

    with subtest("outside the group there is no NPU"):
        machine.fail("systemctl start stranger.service")
        machine.succeed("journalctl --sync")
        machine.fail("journalctl -u stranger.service -o cat | grep -F inference:")

    with subtest("without the driver it is not started"):
        machine.succeed("rmmod rknpu")
        machine.fail("systemctl restart rknn-ready.service")
        machine.fail("systemctl start detector.service")
        said = machine.succeed("journalctl --sync && journalctl -u rknn-ready.service -o cat")
        assert "no driver rknpu" in said, said

    with subtest("with the driver back it is"):
        machine.succeed("modprobe rknpu && udevadm settle")
        machine.succeed("systemctl start detector.service")
        runs = "journalctl -u detector.service -o cat | grep -cF 'inference: [1, 8, 16, 24]'"
        machine.wait_until_succeeds(f"test $({runs}) -ge 2")
  '';
}
