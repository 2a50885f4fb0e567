# The commands for whoever maintains this flake: rknn-pins and rknn-reproduce.
{
  lib,
  gitMinimal,
  nix,
  python3Packages,
}:
python3Packages.buildPythonApplication {
  pname = "rknn-maintenance";
  inherit ((lib.importTOML ./pyproject.toml).project) version;
  pyproject = true;
  src = lib.cleanSourceWith {
    name = "rknn-maintenance-source";
    src = ./.;
    filter =
      path: type:
      let
        name = baseNameOf path;
      in
      if type == "directory" then
        name != "__pycache__" && !lib.hasPrefix "." name
      else
        lib.hasSuffix ".py" name || lib.hasSuffix ".c" name || name == "pyproject.toml";
  };
  # Reads the SDK's headers.
  postPatch = ''
    cp ${../pkgs/rknn/hooks/check_elf.py} check_elf.py
    cp ${../pkgs/rknn/hooks/checking.py} checking.py
  '';

  build-system = [ python3Packages.setuptools ];
  dependencies = [
    python3Packages.packaging
    python3Packages.pyelftools
    python3Packages.rich
    python3Packages.tomlkit
    python3Packages.urllib3
  ];
  # The user's own come first.
  makeWrapperArgs = [
    "--suffix"
    "PATH"
    ":"
    (lib.makeBinPath [
      gitMinimal
      nix
    ])
  ];
  pythonImportsCheck = [
    "check_elf"
    "rknn_flake.pins.cli"
    "rknn_flake.reproduce.cli"
  ];

  meta = {
    description = "Commands that keep the RKNN flake's pins, and show that its packages are reproducible";
    license = lib.licenses.mit;
    platforms = lib.platforms.linux;
    maintainers = [ ];
  };
}
