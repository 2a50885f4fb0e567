# find_package(rknnrt) defines the target rknnrt::rknnrt.
if(NOT TARGET rknnrt::rknnrt)
  add_library(rknnrt::rknnrt SHARED IMPORTED)
  set_target_properties(
    rknnrt::rknnrt
    PROPERTIES
      IMPORTED_LOCATION "%out%/lib/librknnrt.so"
      IMPORTED_SONAME "librknnrt.so"
      INTERFACE_INCLUDE_DIRECTORIES "%include%"
  )
endif()
