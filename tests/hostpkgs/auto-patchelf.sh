# Sets the RPATH of every ELF file in the outputs to where its libraries are; all that are missing are named, then it fails.
autoPatchelfDirs=()
addAutoPatchelfSearchPath() {
  local dir
  for dir in "$@"; do case $dir in --no-recurse) ;; *) autoPatchelfDirs+=("$dir") ;; esac; done
}
autoPatchelfPostFixup() {
  local output file lib dir rpath missing=()
  if [ -n "${dontAutoPatchelf-}" ]; then return 0; fi
  for output in "${outputNames[@]}"; do
    [ -d "${!output}" ] || continue
    while IFS= read -r -d '' file; do
      patchelf --print-rpath "$file" >/dev/null 2>&1 || continue
      rpath=
      for lib in $(patchelf --print-needed "$file"); do
        case $lib in libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | ld-linux*) continue ;; esac
        for dir in "$out/lib" "${hostLibDirs[@]}" "${autoPatchelfDirs[@]}"; do
          if [ -e "$dir/$lib" ]; then
            case ":$rpath:" in *":$dir:"*) ;; *) rpath=${rpath:+$rpath:}$dir ;; esac
            continue 2
          fi
        done
        case " ${autoPatchelfIgnoreMissingDeps-} " in *" $lib "*) ;; *) missing+=("$(basename "$file") needs $lib") ;; esac
      done
      for dir in ${appendRunpaths-}; do rpath=${rpath:+$rpath:}$dir; done
      if [ -n "$rpath" ]; then patchelf --set-rpath "$rpath" "$file"; fi
    done < <(find "${!output}" -type f -print0)
  done
  if [ ${#missing[@]} -gt 0 ]; then
    printf 'error: auto-patchelf could not satisfy dependency: %s\n' "${missing[@]}" >&2
    exit 1
  fi
}
postFixupHooks+=(autoPatchelfPostFixup)
