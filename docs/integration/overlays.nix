# What nixpkgs.overlays of every host is made of: builtins.attrValues of this.
{ inputs }:
{
  rknn = inputs.rknn.overlays.default;

  # Whatever has Rockchip's kernel; here it calls it linuxPackages_rockchip.
  kernel = inputs.kernel.overlays.default;

  # One of your own.
  additions = final: _: { hello-npu = final.writeText "hello-npu" "${final.rknn.runtime.version}"; };
}
