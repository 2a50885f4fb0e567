# A PC on which somebody switches the module on: refused with a sentence, before anything is built. It goes on as it was.
{
  meta.platforms = [ "x86_64-linux" ];

  nodes.machine =
    { extendModules, lib, ... }:
    let
      on = extendModules { modules = [ { mySystem.rknn.enable = lib.mkForce true; } ]; };
      refused = lib.filter (assertion: !assertion.assertion) on.config.assertions;
    in
    {
      environment.etc."refused".text = lib.concatMapStrings (one: "${one.message}\n") refused;
    };

  testScript = ''
    machine.wait_for_unit("multi-user.target")
    [line] = machine.succeed("cat /etc/refused").splitlines()
    assert "this configuration is for x86_64-linux" in line, line
    assert "write mySystem.rknn.enable = false" in line, line
    machine.fail("systemctl cat rknn-ready.service")
  '';
}
