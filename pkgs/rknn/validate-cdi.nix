# validateCdi FILE: the file, once it is a CDI spec by rknn-cdi's rules and by CDI's own JSON schema.
{
  lib,
  buildPackages,
  hooks,
  runCommand,
  sources,
}:
let
  # The newest version that has the fields of the specs here; later schemas add one that they do not have.
  tree = sources.fetchTree "1.0.1";
  python = buildPackages.python3.withPackages (ps: [
    ps.fastjsonschema
    ps.pyelftools
  ]);
in
file:
runCommand file.name { } ''
  mkdir schema
  ${lib.concatLines (lib.mapAttrsToList (path: source: "cp ${source} ${path}") tree)}
  ${lib.getExe buildPackages.rknn.cdi} check ${file}
  ${python.interpreter} ${hooks.checks "check_cdi_schema.py"} --schema schema ${file}
  install -m444 ${file} $out
''
