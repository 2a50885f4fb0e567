# mkDerivation as nixpkgs has it: finalAttrs, outputs, phases and hooks (setup.sh), refusal of wrong platforms and of unfree.
{
  lib,
  buildPlatform,
  hostPlatform,
  config,
  withCC ? true,
}:
let
  triple = "${hostPlatform.parsed.cpu.name}-linux-gnu";

  refusal =
    { name, meta, ... }@package:
    let
      licences = lib.toList (meta.license or [ ]);
      unfree = lib.filter (licence: !(licence.free or true)) licences;
      allowed = config.allowUnfree or false || (config.allowUnfreePredicate or (_: false)) package;
    in
    if unfree != [ ] && !allowed then
      "Package ‘${name}’ has an unfree license (‘${(lib.head unfree).fullName}’), refusing to evaluate."
    else if meta ? platforms && !lib.elem hostPlatform.system meta.platforms then
      "Package ‘${name}’ is not available on the requested hostPlatform: ${hostPlatform.system}; it is for ${toString meta.platforms}"
    else
      null;

  mkDerivation =
    fnOrAttrs:
    let
      rattrs = lib.toFunction fnOrAttrs;
      attrs = rattrs (attrs // { finalPackage = package; });
      name = attrs.name or "${attrs.pname}-${attrs.version}";
      inputs = lib.flatten (attrs.nativeBuildInputs or [ ]);
      drv = derivation (
        removeAttrs attrs [
          "meta"
          "passthru"
          "env"
          "finalPackage"
        ]
        // attrs.env or { }
        // {
          inherit name;
          inherit (buildPlatform) system;
          builder = "/bin/bash";
          args = [
            "-e"
            ./setup.sh
          ];
          outputs = attrs.outputs or [ "out" ];
          nativeBuildInputs = inputs ++ attrs.propagatedNativeBuildInputs or [ ];
          buildInputs = lib.flatten (attrs.buildInputs or [ ] ++ attrs.propagatedBuildInputs or [ ]);
          propagatedBuildInputs = lib.flatten (attrs.propagatedBuildInputs or [ ]);
          hostTriple = lib.optionalString withCC triple;
          crossCompiling = buildPlatform.system != hostPlatform.system;
        }
      );
      named = builtins.intersectAttrs {
        pname = null;
        version = null;
      } attrs;
      why = refusal (
        {
          inherit name;
          meta = attrs.meta or { };
        }
        // named
      );
      checked = lib.throwIf (why != null) why;
      guard =
        output:
        output
        // {
          drvPath = checked output.drvPath;
          outPath = checked output.outPath;
        };
      common = {
        inherit name stdenv;
        inherit (attrs) src;
        meta = {
          inherit name;
          outputsToInstall = [ "out" ];
        }
        // attrs.meta or { };
        passthru = attrs.passthru or { };
        overrideAttrs =
          f:
          mkDerivation (
            lib.extends (
              final: prev:
              let
                new = lib.toFunction f final;
              in
              if lib.isFunction new then new prev else lib.toFunction f prev
            ) rattrs
          );
        override = throw "${name}: not made by callPackage";
      }
      // named;
      package =
        guard drv
        // lib.genAttrs drv.outputs (output: guard drv.${output} // common // { outputSpecified = true; })
        // (if attrs ? src then common else removeAttrs common [ "src" ])
        // attrs.passthru or { };
    in
    package;

  # Debian's libstdc++ and libgcc_s for the host platform; a real stdenv has them in its compiler's lib output.
  ccLib = mkDerivation {
    pname = "gcc-lib";
    version = "host";
    dontUnpack = true;
    installPhase = ''
      mkdir -p $out/lib
      for name in libstdc++.so.6 libgcc_s.so.1; do
        install -m755 "$($CC -print-file-name=$name)" $out/lib/
      done
    '';
  };

  stdenv = {
    inherit mkDerivation buildPlatform hostPlatform;
    targetPlatform = hostPlatform;
    cc = lib.throwIfNot withCC "hostpkgs: stdenvNoCC has no compiler; take stdenv's" ccLib // {
      cc = ccLib // {
        lib = ccLib;
      };
      targetPrefix = lib.optionalString (buildPlatform.system != hostPlatform.system) "${triple}-";
      isGNU = true;
    };
  };
in
stdenv
