# What a host with an NPU is: these two lines.
{
  mySystem.rknn.enable = true;
  mySystem.rknn.soc = "Orange Pi 5 Plus";
}
