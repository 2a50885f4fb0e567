validatePkgConfig() {
  local file
  for file in "${!outputDev}"/lib/pkgconfig/*.pc; do pkg-config --validate "$file"; done
}
postFixupHooks+=(validatePkgConfig)
