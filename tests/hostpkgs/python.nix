# Python interpreters and packages as nixpkgs has them. The interpreters are Debian's (/usr/bin/python3.x on the machine that
# runs them); the packages are wheels from PyPI (wheels.toml) or built from a pyproject.toml.
{ lib, pkgs }:
let
  inherit (pkgs) stdenv;
  wheels = (lib.importTOML ./wheels.toml).wheel;
  hostPython = "/usr/bin/python3";
  versions = [
    "3.11"
    "3.12"
    "3.13"
  ];
  noDot = lib.replaceStrings [ "." ] [ "" ];

  makePython =
    pythonVersion:
    let
      attr = "python${noDot pythonVersion}";
      python = stdenv.mkDerivation {
        pname = "python3";
        version = pythonVersion;
        dontUnpack = true;
        installPhase = ''
          mkdir -p $out/bin
          printf '#!/bin/sh\nexec /usr/bin/python${pythonVersion} "$@"\n' >$out/bin/python${pythonVersion}
          chmod +x $out/bin/python${pythonVersion}
          ln -s python${pythonVersion} $out/bin/python3
        '';
        passthru = {
          inherit pythonVersion;
          implementation = "cpython";
          pythonAttr = attr;
          executable = "python${pythonVersion}";
          sitePackages = "lib/python${pythonVersion}/site-packages";
          interpreter = "${python}/bin/python${pythonVersion}";
          pkgs = pythonPackages;
          pythonOnBuildForHost = pkgs.buildPackages.${attr};
          withPackages = select: environment (select pythonPackages);
        };
        meta.mainProgram = "python${pythonVersion}";
      };

      closure =
        packages:
        lib.unique (
          lib.concatMap (p: [ p ] ++ closure (p.propagatedBuildInputs or [ ])) (lib.filter isModule packages)
        );
      # An application is none, unless toPythonModule makes it one.
      isModule = p: p ? pythonModule && p.pythonModule.pythonAttr == python.pythonAttr;
      sitePath = packages: lib.makeSearchPath python.sitePackages (closure packages);
      environment =
        packages:
        let
          env = makeEnvironment packages;
        in
        env // { interpreter = "${env}/bin/python3"; };
      # A virtual environment: like nixpkgs' one, a program that its Python starts with sys.executable has the packages too.
      makeEnvironment =
        packages:
        pkgs.runCommand "python3-${pythonVersion}-env" { meta.mainProgram = "python3"; } ''
          mkdir -p $out/bin $out/${python.sitePackages}
          ln -s /usr/bin/python${pythonVersion} $out/bin/python${pythonVersion}
          ln -s python${pythonVersion} $out/bin/python3
          printf 'home = /usr/bin\ninclude-system-site-packages = false\n' >$out/pyvenv.cfg
          printf '%s\n' ${
            toString (map (p: "${p}/${python.sitePackages}") (closure packages))
          } >$out/${python.sitePackages}/packages.pth
        '';

      build =
        isApplication: fnOrAttrs:
        let
          args = lib.toFunction fnOrAttrs (args // { finalPackage = package; });
          dependencies = args.dependencies or args.propagatedBuildInputs or [ ];
          wheel = args.format or "" == "wheel";
          package = stdenv.mkDerivation (
            removeAttrs args [
              "pyproject"
              "format"
              "build-system"
              "dependencies"
              "disabled"
              "makeWrapperArgs"
              "pythonImportsCheck"
              "finalPackage"
              "passthru"
            ]
            // {
              name = "${
                lib.optionalString (!isApplication) "python${pythonVersion}-"
              }${args.pname}-${args.version}";
              nativeBuildInputs = args.nativeBuildInputs or [ ] ++ [ pkgs.makeWrapper ];
              propagatedBuildInputs = dependencies;
              builtWith = map (p: "${p}/${python.sitePackages}") (args.build-system or [ ]);
              installPhase = ''
                ${lib.optionalString wheel ''
                  # In nixpkgs a phase before this one, so that hooks of this one come too late to change what is required.
                  if [ -z "''${dontCheckRuntimeDeps-}" ]; then
                    echo "Checking runtime dependencies for $(echo dist/*.whl)"
                    PYTHONPATH=$pipFolder ${hostPython} ${./check-requirements.py} \
                      dist/*.whl $runtimeDeps || die "$pname: what the wheel requires is not there"
                  fi
                ''}
                runHook preInstall
                site=$out/${python.sitePackages}
                mkdir -p $site
                ${
                  if wheel then
                    ''for file in dist/*.whl; do ${hostPython} -m zipfile -e "$file" $site; done''
                  else
                    ''
                      PYTHONPATH=${pythonPackages.pip}/${python.sitePackages}:''${builtWith// /:} ${hostPython} -m pip install \
                        --no-index --no-deps --no-build-isolation --no-compile --disable-pip-version-check --root-user-action=ignore --target=$site .
                      if [ -d $site/bin ]; then
                        mv $site/bin $out/bin
                        for file in $out/bin/*; do
                          sed -i '1s|.*|#!${python.interpreter}|' "$file"
                          wrapProgram "$file" --prefix PYTHONPATH : "$site:${sitePath dependencies}" ${
                            toString (args.makeWrapperArgs or [ ])
                          }
                        done
                      fi
                      rm -f $site/*.dist-info/direct_url.json
                      sed -i '/direct_url.json/d' $site/*.dist-info/RECORD
                    ''
                }
                # As nixpkgs does, for the interpreter that is there.
                if [ -x /usr/bin/python${pythonVersion} ]; then
                  /usr/bin/python${pythonVersion} -m compileall -q --invalidation-mode unchecked-hash $site
                fi
                runHook postInstall
              '';
              passthru =
                lib.optionalAttrs (!isApplication) { pythonModule = python; }
                // {
                  propagatedBuildInputs = dependencies;
                }
                // args.passthru or { };
            }
            // lib.optionalAttrs wheel {
              # pip itself is not checked.
              pipFolder = lib.optionalString (
                !args.dontCheckRuntimeDeps or false
              ) "${pythonPackages.pip}/${python.sitePackages}";
              runtimeDeps = lib.optionals (!args.dontCheckRuntimeDeps or false) (
                map (p: "${p}/${python.sitePackages}") (closure dependencies)
              );
              unpackPhase = ''mkdir dist && cp $src dist/"$(stripHash $src)"'';
              buildPhase = "runHook preBuild; runHook postBuild";
            }
          );
          disabled = args.disabled or false;
        in
        lib.throwIf disabled
          "${args.pname}-${args.version} not supported for interpreter python${pythonVersion}"
          package;

      fromWheel =
        name: dependencies:
        let
          found = lib.findFirst (
            w:
            w.name == name
            && (w.python == "any" || w.python == "cp${noDot pythonVersion}")
            && (!w ? arch || w.arch == stdenv.hostPlatform.parsed.cpu.name)
          ) null wheels;
        in
        lib.throwIf (found == null)
          "hostpkgs: wheels.toml has no ${name} for Python ${pythonVersion} on ${stdenv.hostPlatform.system}"
          (
            build false {
              pname = name;
              inherit (found) version;
              format = "wheel";
              inherit dependencies;
              dontStrip = true;
              dontPatchELF = true;
              # Some of what they require, nothing here uses.
              dontCheckRuntimeDeps = true;
              src = pkgs.fetchurl { inherit (found) url hash; };
            }
          );

      base = self: {
        inherit python;
        callPackage = lib.callPackageWith (pkgs // self);
        buildPythonPackage = build false;
        buildPythonApplication = build true;
        toPythonModule =
          drv:
          drv.overrideAttrs (old: {
            passthru = old.passthru or { } // {
              pythonModule = python;
            };
          });
        pip = fromWheel "pip" [ ];
        setuptools = fromWheel "setuptools" [ ];
        numpy = fromWheel "numpy" [ ];
        numpy_1 = fromWheel "numpy_1" [ ];
        psutil = fromWheel "psutil" [ ];
        ruamel-yaml = fromWheel "ruamel-yaml" [ ];
        pyelftools = fromWheel "pyelftools" [ ];
        attrs = fromWheel "attrs" [ ];
        fast-histogram = fromWheel "fast-histogram" [ self.numpy ];
        fastjsonschema = fromWheel "fastjsonschema" [ ];
        flatbuffers = fromWheel "flatbuffers" [ ];
        grpcio = fromWheel "grpcio" [ self.typing-extensions ];
        ml-dtypes = fromWheel "ml-dtypes" [ self.numpy ];
        onnx = fromWheel "onnx" [
          self.ml-dtypes
          self.numpy
          self.protobuf
          self.typing-extensions
        ];
        # As in nixpkgs, without the protobuf and flatbuffers that it could do with.
        onnxruntime = fromWheel "onnxruntime" [
          self.numpy
          self.packaging
        ];
        opencv-python = fromWheel "opencv-python" [ self.numpy ];
        protobuf = fromWheel "protobuf" [ ];
        scipy = fromWheel "scipy" [ self.numpy ];
        # PyPI has no wheel of it without CUDA: gigabytes.
        torch = null;
        tqdm = fromWheel "tqdm" [ ];
        typing-extensions = fromWheel "typing-extensions" [ ];
        hypothesis = fromWheel "hypothesis" [
          self.attrs
          self.sortedcontainers
        ];
        iniconfig = fromWheel "iniconfig" [ ];
        mdurl = fromWheel "mdurl" [ ];
        packaging = fromWheel "packaging" [ ];
        pexpect = fromWheel "pexpect" [ self.ptyprocess ];
        pluggy = fromWheel "pluggy" [ ];
        ptyprocess = fromWheel "ptyprocess" [ ];
        pytest = fromWheel "pytest" [
          self.iniconfig
          self.packaging
          self.pluggy
          self.pygments
        ];
        sortedcontainers = fromWheel "sortedcontainers" [ ];
        tomlkit = fromWheel "tomlkit" [ ];
        urllib3 = fromWheel "urllib3" [ ];
        pygments = fromWheel "pygments" [ ];
        markdown-it-py = fromWheel "markdown-it-py" [ self.mdurl ];
        rich = fromWheel "rich" [
          self.markdown-it-py
          self.pygments
        ];
      };
      pythonPackages = lib.fix (
        lib.extends (lib.composeManyExtensions pkgs.pythonPackagesExtensions) base
      );
    in
    lib.nameValuePair attr python;

  pythons = lib.listToAttrs (map makePython versions);
in
pythons
// lib.mapAttrs' (name: python: lib.nameValuePair "${name}Packages" python.pkgs) pythons
// {
  pythonPackagesExtensions = [ ];
  python3 = pkgs.python311;
  python3Packages = pkgs.python311Packages;
}
