# nixpkgs' trivial builders and setup hooks, as far as this project uses them.
{ lib, pkgs }:
let
  stdenv = pkgs.stdenvNoCC;
  script =
    name: env: text:
    stdenv.mkDerivation (
      {
        inherit name;
        dontUnpack = true;
        dontFixup = true;
        installPhase = text;
      }
      // env
    );
in
{
  runCommand =
    name: env: text:
    script name (removeAttrs env [ "meta" ] // { meta = env.meta or { }; }) text;
  writeText =
    name: text:
    script name {
      inherit text;
      passAsFile = [ "text" ];
    } ''cp "$textPath" $out'';
  writeTextDir =
    path: text:
    script (baseNameOf path) {
      inherit text;
      passAsFile = [ "text" ];
    } ''install -D -m644 "$textPath" $out/${lib.escapeShellArg path}'';
  writeShellScript =
    name: text:
    script name {
      text = "#!/bin/bash\n${text}";
      passAsFile = [ "text" ];
    } ''install -m755 "$textPath" $out'';
  symlinkJoin =
    args:
    script (args.name or "${args.pname}-${args.version}")
      (removeAttrs args [
        "name"
        "paths"
        "postBuild"
      ])
      ''
        mkdir -p $out
        for path in ${toString args.paths}; do cp -rsf --no-preserve=mode "$path/." $out/; done
        ${args.postBuild or ""}
      '';
  makeSetupHook =
    {
      name,
      propagatedBuildInputs ? [ ],
      substitutions ? { },
      meta ? { },
    }:
    file:
    script name { inherit meta propagatedBuildInputs; } ''
      mkdir -p $out/nix-support
      cp ${file} $out/nix-support/setup-hook && chmod u+w $out/nix-support/setup-hook
      echo "$propagatedBuildInputs" >$out/nix-support/propagated-build-inputs
      substituteInPlace $out/nix-support/setup-hook ${
        lib.concatStringsSep " " (
          lib.mapAttrsToList (
            name: value: "--subst-var-by ${name} ${lib.escapeShellArg "${value}"}"
          ) substitutions
        )
      }
    '';
  # Made by Python, since a builder whose attributes are structured has none of them in its environment.
  closureInfo =
    { rootPaths }:
    derivation {
      name = "closure-info";
      inherit (pkgs.stdenv.buildPlatform) system;
      builder = "/usr/bin/python3";
      args = [ ./closure-info.py ];
      __structuredAttrs = true;
      exportReferencesGraph = lib.optionalAttrs (rootPaths != [ ]) { closure = rootPaths; };
    };
  dockerTools = import ./docker.nix { inherit lib pkgs; };
  autoPatchelfHook = pkgs.makeSetupHook { name = "auto-patchelf-hook"; } ./auto-patchelf.sh;
  validatePkgConfig = pkgs.makeSetupHook { name = "validate-pkg-config"; } ./validate-pkg-config.sh;
  makeWrapper = pkgs.makeSetupHook { name = "make-wrapper-hook"; } ./make-wrapper.sh;
  linuxPackagesFor =
    kernel:
    lib.makeScope pkgs.newScope (_: {
      inherit kernel;
    });
  testers.runNixOSTest = import ./nixos-test.nix { inherit lib pkgs; };
  testers.hasPkgConfigModules =
    {
      package,
      testName ? "check-pkg-config-${package.pname}",
      versionCheck ? false,
    }:
    script testName { meta = { inherit (package.meta) license platforms; }; } ''
      export PKG_CONFIG_PATH=${lib.getDev package}/lib/pkgconfig
      for module in ${toString package.meta.pkgConfigModules}; do
        found=$(pkg-config --modversion "$module")
        if [ ${if versionCheck then "$found" else package.version} != ${package.version} ]; then
          die "$module.pc says $found, the package is ${package.version}"
        fi
      done
      touch $out
    '';

  # Programs of the machine under the name of the package that has them in nixpkgs.
  mkShell = { packages }: script "shell" { inherit packages; } "echo $packages >$out";
}
//
  lib.mapAttrs
    (
      name: programs:
      script name { meta.mainProgram = lib.head (lib.toList programs); } ''
        mkdir -p $out/bin
        for program in ${toString programs}; do ln -s /usr/bin/$program $out/bin/; done
      ''
    )
    {
      dtc = "dtc";
      git = "git";
      gitMinimal = "git";
      mypy = "mypy";
      nix = "nix";
      nixfmt = "nixfmt";
      nixfmt-tree = "treefmt";
      openssl = "openssl";
      patchelf = "patchelf";
      qemu = "qemu-system-aarch64";
      ruff = "ruff";
      shellcheck = "shellcheck";
      strace = "strace";
      systemd = [
        "udevadm"
        "systemctl"
      ];
    }
