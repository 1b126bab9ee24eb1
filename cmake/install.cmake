# `cmake --install` for find_package(weft) and target weft::weft. Needs the library alone built (libweft.a).
include(CMakePackageConfigHelpers)
include(public_headers)

set(targets weft weft_platform)
if(EMSCRIPTEN)
  list(APPEND targets weft_process)
  get_property(javascript TARGET weft_platform PROPERTY WEFT_JAVASCRIPT)
  install(FILES ${javascript} DESTINATION "${CMAKE_INSTALL_LIBDIR}/weft")
endif()
install(TARGETS ${targets} EXPORT weft)

install(CODE "
  set(public [==[${WEFT_PUBLIC_HEADERS}]==])
  set(source [==[${PROJECT_SOURCE_DIR}/src]==])
  set(destination [==[${CMAKE_INSTALL_INCLUDEDIR}]==])")
install(SCRIPT cmake/install_headers.cmake)

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/weft")
install(EXPORT weft NAMESPACE weft:: DESTINATION "${package}" FILE weftTargets.cmake)
write_basic_package_version_file(weftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/weftConfig.cmake "${CMAKE_CURRENT_BINARY_DIR}/weftConfigVersion.cmake"
  DESTINATION "${package}")

if(TARGET weft_command)
  install(TARGETS weft_command OPTIONAL)  # if it has been built
endif()
