# A container image: a Python with rknnlite and the library that it opens. The NPU's nodes come from outside, by CDI. As a base of one's own:
#   pkgs.rknn.oci-image.override {
#     extraPythonPackages = ps: [ ps.pillow ];
#     contents = [ pkgs.busybox ]; # a shell: links to it below the image's /bin
#     imageConfig.Cmd = [ "${./detect.py}" ];
#   }
# Another Python: toolkit-lite = pkgs.python311Packages.rknn-toolkit-lite2.
{
  lib,
  dockerTools,
  toolkit-lite,
  extraPythonPackages ? _: [ ],
  contents ? [ ],
  # Laid over what stands below, by the names of the image specification: Cmd, WorkingDir, Labels, …
  imageConfig ? { },
}:
let
  inherit (toolkit-lite) runtime version;
  python = toolkit-lite.pythonModule.withPackages (ps: [ toolkit-lite ] ++ extraPythonPackages ps);
  description = "Container image of a Python with rknnlite and the library of Rockchip's NPU";

  image = dockerTools.buildLayeredImage {
    name = "rknn";
    tag = version;
    contents = [ dockerTools.fakeNss ] ++ contents;
    # "No usable temporary directory found in ['/tmp', '/var/tmp', '/usr/tmp', '/']", says Python without.
    extraCommands = "mkdir -p tmp && chmod 1777 tmp";
    config = {
      # nobody. Rockchip's library makes and removes nodes below /dev/dri where it runs as root.
      User = "65534:65534";
      Entrypoint = [ python.interpreter ];
      Env = [
        "PATH=${python}/bin:/bin"
        # A log has what was printed before a process was killed.
        "PYTHONUNBUFFERED=1"
      ];
      Labels = {
        "org.opencontainers.image.title" = "rknn";
        "org.opencontainers.image.description" = description;
        "org.opencontainers.image.version" = version;
        "org.opencontainers.image.url" = toolkit-lite.meta.homepage;
        "org.opencontainers.image.licenses" = "LicenseRef-Rockchip-RKNN";
      };
    }
    // imageConfig;
  };
in
# meta and passthru this way: not every nixpkgs has both as arguments, or hands them on from the stream that it compresses.
image.overrideAttrs (old: {
  # By its name an unfree package is allowed; the file's is rknn.tar.gz.
  pname = "rknn-oci-image";
  inherit version;
  passthru = old.passthru or { } // {
    inherit python runtime toolkit-lite;
  };
  meta = {
    inherit description;
    inherit (toolkit-lite.meta)
      license
      platforms
      homepage
      sourceProvenance
      ;
    maintainers = [ ];
  };
})
