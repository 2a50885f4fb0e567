# /usr/lib/librknnrt.so is there where it was asked for, and goes where it was not.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.linked = {
    imports = [ ./board ];
    mySystem.rknn.linkUsrLib = true;
  };
  nodes.plain.imports = [ ./board ];

  testScript = ''
    opened = "import ctypes; ctypes.CDLL('/usr/lib/librknnrt.so').rknn_init"
    linked.wait_for_unit("rknn-ready.service")
    linked.succeed(f'rknn-python -c "{opened}"')

    plain.wait_for_unit("rknn-ready.service")
    plain.fail("test -e /usr/lib/librknnrt.so")
    plain.succeed("mkdir -p /usr/lib && ln -s /nowhere /usr/lib/librknnrt.so")
    plain.succeed("systemd-tmpfiles --remove /etc/tmpfiles.d/10-rknn.conf")
    plain.fail("test -L /usr/lib/librknnrt.so")
  '';
}
