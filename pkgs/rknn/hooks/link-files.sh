# installLinkFiles [INCLUDE]: rknnrt.pc and a CMake package for $out/lib/librknnrt.so, in the output dev; INCLUDE is where its
# headers are, if it has any.
installLinkFiles() {
  local include=${1-} file
  install -Dm644 @templates@/rknnrt.pc -t "$dev/lib/pkgconfig"
  install -Dm644 @templates@/rknnrt-config.cmake @templates@/rknnrt-config-version.cmake -t "$dev/lib/cmake/rknnrt"
  for file in "$dev/lib/pkgconfig/rknnrt.pc" "$dev/lib/cmake/rknnrt/"*.cmake; do
    sed -i -e "s|%out%|$out|g" -e "s|%include%|$include|g" -e "s|%cflags%|${include:+-I$include}|g" \
      -e "s|%version%|$version|g" "$file"
  done
}
