# The module imported and off, as on every host of an infrastructure that has a board among them.
{
  nodes.machine = { };

  testScript = ''
    machine.wait_for_unit("multi-user.target")
    machine.fail("systemctl cat rknn-ready.service")
    machine.fail("command -v rknn-python")
    machine.fail("command -v rknn-ready")
    machine.fail("test -e /etc/udev/rules.d/72-rknn.rules")
    machine.fail("test -e /etc/tmpfiles.d/10-rknn.conf")
    machine.fail("grep -w rknpu /proc/modules /etc/modules-load.d/nixos.conf")
    machine.fail("grep -w rocket /etc/modprobe.d/nixos.conf")
  '';
}
