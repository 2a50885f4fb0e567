# A service that uses the NPU: it is in the group, has a Python with the binding, and starts after the NPU was found.
{ config, ... }:
{
  systemd.services.detector = {
    description = "Detect objects";
    wantedBy = [ "multi-user.target" ];
    # Without an NPU it is not started. With `wants` it would be, and fail in its own words.
    requires = [ "rknn-ready.service" ];
    after = [ "rknn-ready.service" ];
    serviceConfig = {
      DynamicUser = true;
      SupplementaryGroups = [ config.mySystem.rknn.device.group ];
      ExecStart = "${config.mySystem.rknn.python}/bin/python3 /var/lib/detector/detect.py";
    };
  };
}
