# Who is in the group runs a model; who isn't is refused, and reads which node it is and which group it takes.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.machine = {
    imports = [ ./board ];
    mySystem.rknn.users = [ "member" ];
    users.users.member.isNormalUser = true;
    users.users.outsider.isNormalUser = true;
  };

  testScript = ''
    machine.wait_for_unit("rknn-ready.service")
    infer = "rknn-python /etc/npu/infer.py"
    assert "inference: [1, 8, 16, 24]" in machine.succeed(f"su - member -c '{infer}'")
    assert "root:render 0660" in machine.succeed("su - member -c rknn-ready")

    status, said = machine.execute(f"su - outsider -c '{infer}' 2>&1")
    assert status != 0, said
    assert "inference" not in said, said
    status, said = machine.execute("su - outsider -c rknn-ready 2>&1")
    assert status == 1, said
    assert "is root:render 0660 and can't be opened: Permission denied" in said, said
    assert "who uses the NPU has to be in group render" in said, said
  '';
}
