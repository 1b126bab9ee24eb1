# GTest::gtest and GTest::gtest_main, built from source with this project's flags.
set(WEFT_GOOGLETEST_SOURCE /usr/src/googletest CACHE PATH
  "GoogleTest's source; downloaded if this folder does not exist")

include(FetchContent)
if(EXISTS "${WEFT_GOOGLETEST_SOURCE}/CMakeLists.txt")
  FetchContent_Declare(googletest SYSTEM SOURCE_DIR "${WEFT_GOOGLETEST_SOURCE}")
else()
  FetchContent_Declare(googletest SYSTEM
    URL https://github.com/google/googletest/archive/refs/tags/v1.17.0.tar.gz
    URL_HASH SHA256=65fab701d9829d38cb77c14acdc431d2108bfdbf8979e40eb8ae567edf10b27c
    DOWNLOAD_EXTRACT_TIMESTAMP ON)
endif()
set(BUILD_GMOCK OFF)
set(INSTALL_GTEST OFF)
set(CMAKE_SUPPRESS_DEVELOPER_WARNINGS ON)
set(CMAKE_WARN_DEPRECATED OFF)
FetchContent_MakeAvailable(googletest)
unset(CMAKE_SUPPRESS_DEVELOPER_WARNINGS)
unset(CMAKE_WARN_DEPRECATED)
target_link_libraries(gtest PUBLIC weft_platform)
