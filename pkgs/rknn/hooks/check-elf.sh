checkElf() {
  @interpreter@ -B @script@ --class=64 --machine=@machine@ "$@"
}

checkElfPhase() {
  runHook preCheckElf
  local output file count=0
  for output in $(getAllOutputNames); do
    if [ ! -d "${!output}" ]; then continue; fi
    while IFS= read -r -d '' file; do
      if isELF "$file"; then
        checkElf ${checkElfFlags[*]-} --rpath-inside="$NIX_STORE" "$file"
        count=$((count + 1))
      fi
    done < <(find "${!output}" -type f -print0)
  done
  if [ "$count" = 0 ]; then
    echo "check_elf: outputs $(echo $(getAllOutputNames)): found no ELF file, expected at least one (did installPhase install it?)" >&2
    exit 1
  fi
  runHook postCheckElf
}

appendToVar preDistPhases checkElfPhase
