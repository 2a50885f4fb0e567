# A package built again by a derivation that neither a store nor a cache has yet, and held against the first one file by file.
{
  lib,
  python3,
  rknn,
  runCommand,
}:
package:
let
  again = package.overrideAttrs (_: {
    rknnBuiltAgain = true;
    # A build from a cache proves nothing about this machine's.
    allowSubstitutes = false;
  });
  python = python3.withPackages (ps: [ ps.pyelftools ]);
  outputs = map (output: "${output}=${package.${output}}=${again.${output}}") package.outputs;
in
lib.throwIf (again.drvPath == package.drvPath)
  "tests/twice.nix: ${package.name}: both builds are ${package.drvPath}; its overrideAttrs changes nothing"
  (
    # Nor does a cache's word that they were the same.
    runCommand "rknn-twice-${package.name}" { allowSubstitutes = false; } ''
      PYTHONPATH=${rknn.maintenance.src} ${python.interpreter} ${./twice.py} ${toString outputs}
      touch $out
    ''
  )
