# `cmake --install` for find_package(weft) and target weft::weft.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/weft")
install(TARGETS weft weft_platform EXPORT weft)
install(DIRECTORY src/weft DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
install(EXPORT weft NAMESPACE weft:: DESTINATION "${package}" FILE weftTargets.cmake)
write_basic_package_version_file(weftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/weftConfig.cmake "${CMAKE_CURRENT_BINARY_DIR}/weftConfigVersion.cmake"
  DESTINATION "${package}")
if(TARGET weft_command)
  install(TARGETS weft_command)
endif()
