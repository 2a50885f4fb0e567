checkElf() {
  @interpreter@ -B @script@ --class=64 --machine=@machine@ "$@"
}

checkElfPhase() {
  runHook preCheckElf
  local output file files=()
  for output in $(getAllOutputNames); do
    if [ ! -d "${!output}" ]; then continue; fi
    while IFS= read -r -d '' file; do
      if isELF "$file"; then
        files+=("$file")
      fi
    done < <(find "${!output}" -type f -print0)
  done
  if [ ${#files[@]} = 0 ]; then
    echo "check_elf: outputs $(echo $(getAllOutputNames)): found no ELF file, expected at least one (did installPhase install it?)" >&2
    exit 1
  fi
  checkElf ${checkElfFlags[*]-} --rpath-inside="$NIX_STORE" "${files[@]}"
  runHook postCheckElf
}

appendToVar preDistPhases checkElfPhase
