# Patches the wheels in dist/ before they are installed, so that what the installer records is what is installed.
patchRknnlite() {
  local wheel tree out
  for wheel in dist/*.whl; do
    tree=$(mktemp -d)
    @interpreter@ -m zipfile -e "$wheel" "$tree"
    @interpreter@ -B @script@ "$tree" --library "$rknnRuntimeLibrary" --module @module@ \
      --python "$rknnPythonTag"
    # nixpkgs keeps the wheel as the output dist, and a zip holds the files' times.
    find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    out=$(mktemp -d)
    (cd "$tree" && @interpreter@ -m zipfile -c "$out/wheel.zip" ./*)
    mv "$out/wheel.zip" "$wheel"
  done
}

preInstallHooks+=(patchRknnlite)
