# dockerTools, as far as this project uses it: the arguments are some of nixpkgs', the file is laid out as nixpkgs' is.
# Python and libc are the machine's and in no store path, so an image lacks them: it runs on a root that has Debian's below it.
{ lib, pkgs }:
let
  inherit (pkgs) closureInfo runCommand symlinkJoin;

  image =
    {
      name,
      tag ? null,
      contents ? [ ],
      config ? { },
      extraCommands ? "",
    }:
    let
      baseName = baseNameOf name;
      imageTag = lib.throwIf (tag == null) "hostpkgs: image ${name}: a tag is needed here" tag;
      base = pkgs.writeText "${baseName}-base.json" (
        builtins.toJSON {
          inherit config;
          architecture =
            {
              aarch64 = "arm64";
              x86_64 = "amd64";
            }
            .${pkgs.stdenv.hostPlatform.parsed.cpu.name};
          os = "linux";
        }
      );
      customisation = symlinkJoin {
        name = "${baseName}-customisation-layer";
        paths = contents;
        postBuild = ''
          mv $out root
          mkdir $out
          (
            cd root
            ${extraCommands}
          )
          tar -C root --sort=name --numeric-owner --owner=0 --group=0 --mtime=@$SOURCE_DATE_EPOCH -cf $out/layer.tar .
        '';
      };
    in
    runCommand "${baseName}.tar.gz"
      {
        imageName = lib.toLower name;
        inherit imageTag base customisation;
        closure = closureInfo {
          rootPaths = [
            base
            customisation
          ];
        };
        passthru = { inherit imageTag; };
      }
      ''
        python3 ${./docker-image.py} $imageName:$imageTag $base $customisation $closure/store-paths | gzip -n >$out
      '';
in
{
  buildLayeredImage = lib.makeOverridable image;
  fakeNss = runCommand "fake-nss" { } ''
    mkdir -p $out/etc $out/var/empty
    echo root:x:0:0:root user:/var/empty:/bin/sh >$out/etc/passwd
    echo nobody:x:65534:65534:nobody:/var/empty:/bin/sh >>$out/etc/passwd
    printf 'root:x:0:\nnobody:x:65534:\n' >$out/etc/group
    echo hosts: files dns >$out/etc/nsswitch.conf
  '';
}
