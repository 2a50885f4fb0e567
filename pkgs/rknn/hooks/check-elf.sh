checkElf() {
  @interpreter@ -B @script@ --class=64 --machine=@machine@ "$@"
}

checkElfPhase() {
  runHook preCheckElf
  local output file
  for output in $(getAllOutputNames); do
    if [ ! -d "${!output}" ]; then continue; fi
    while IFS= read -r -d '' file; do
      if isELF "$file"; then checkElf ${checkElfFlags[*]-} --rpath-inside="$NIX_STORE" "$file"; fi
    done < <(find "${!output}" -type f -print0)
  done
  runHook postCheckElf
}

appendToVar preDistPhases checkElfPhase
