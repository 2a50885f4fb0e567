# The module on, on a machine that has no NPU of Rockchip's: it boots, and the journal says why the NPU can't be used.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.machine =
    { pkgs, ... }:
    {
      mySystem.rknn = {
        enable = true;
        driver = "none";
        runtimePackage = pkgs.rknn.simulator;
        enableToolkitLite = false;
      };
    };

  testScript = ''
    machine.wait_for_unit("multi-user.target")
    machine.fail("systemctl start rknn-ready.service")
    said = machine.succeed("journalctl --sync && journalctl -u rknn-ready.service -o cat")
    assert "linux,dummy-virt has no SoC that librknnrt knows" in said, said
    status, said = machine.execute("rknn-ready 2>&1")
    assert status == 1, said
    assert "linux,dummy-virt has no SoC that librknnrt knows" in said, said
  '';
}
