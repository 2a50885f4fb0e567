# Patches the wheels in dist/ before nixpkgs holds what they require against what is there ("protobuf<=4.25.4 not satisfied by
# version 6.33.1", in preInstallPhases), and before they are installed, so that what the installer records is what is there.
patchToolkit() {
  local wheel tree out name without=()
  for name in ${rknnWithout-}; do without+=(--without "$name"); done
  for wheel in dist/*.whl; do
    tree=$(mktemp -d)
    @interpreter@ -m zipfile -e "$wheel" "$tree"
    @interpreter@ -B @script@ "$tree" --patches @patches@ --python "$rknnPythonTag" "${without[@]}"
    # nixpkgs keeps the wheel as the output dist, and a zip holds the files' times.
    find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    out=$(mktemp -d)
    # zipfile takes local times: "ZIP does not support timestamps before 1980" west of Greenwich.
    (cd "$tree" && TZ=UTC0 @interpreter@ -m zipfile -c "$out/wheel.zip" ./*)
    mv "$out/wheel.zip" "$wheel"
    rm -r "$tree"
  done
}

postBuildHooks+=(patchToolkit)
