# Setup hooks around the Python programs of this folder. They run on the build machine, whatever it builds for.
{
  lib,
  makeSetupHook,
  buildPackages,
  stdenv,
}:
let
  python = buildPackages.python3.withPackages (ps: [ ps.pyelftools ]);
  inherit (python) interpreter;

  # A program with what it shares with others, which Python finds beside it.
  checks =
    name:
    "${
      builtins.path {
        name = "rknn-checks";
        path = ./.;
        filter =
          path: _:
          lib.elem (baseNameOf path) [
            name
            "checking.py"
          ];
      }
    }/${name}";
in
{
  inherit checks;

  # checkElf FLAG… FILE…, and all installed ELF files checked with $checkElfFlags after the fixup.
  checkElfHook = makeSetupHook {
    name = "rknn-check-elf-hook";
    substitutions = {
      inherit interpreter;
      script = checks "check_elf.py";
      machine = stdenv.hostPlatform.parsed.cpu.name;
    };
  } ./check-elf.sh;

  # checkModule FLAG… FILE…
  checkModuleHook = makeSetupHook {
    name = "rknn-check-module-hook";
    substitutions = {
      inherit interpreter;
      script = checks "check_module.py";
    };
  } ./check-module.sh;

  linkFilesHook = makeSetupHook {
    name = "rknn-link-files-hook";
    substitutions.templates = ./link-files;
  } ./link-files.sh;

  # Before the wheel is installed: the binding opens $rknnRuntimeLibrary.
  patchRknnliteHook = makeSetupHook {
    name = "rknn-patch-rknnlite-hook";
    substitutions = {
      inherit interpreter;
      script = ./patch_rknnlite.py;
      module = ./store_runtime.py;
    };
  } ./patch-rknnlite.sh;

  # After the build, in which wheels have nothing to do: what $rknnWithout names is no requirement of the toolkit.
  patchToolkitHook = makeSetupHook {
    name = "rknn-patch-toolkit-hook";
    substitutions = {
      inherit interpreter;
      script = ./patch_toolkit.py;
      patches = ./toolkit_patches;
    };
  } ./patch-toolkit.sh;
}
