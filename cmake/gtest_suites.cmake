# weft_add_suites(<program> [PROPERTIES <name> <value>…]): each test suite of a
# GoogleTest program is a test of ctest, run in one process. A process for each test, as
# gtest_discover_tests() has it, costs more than the tests do, most of all in WebAssembly.
#
# Suites are listed when ctest starts, not while building: a program that can't even start is a
# failing test then, not a broken build.

set(WEFT_LIST_SUITES "${CMAKE_CURRENT_LIST_DIR}/list_suites.cmake")

function(weft_add_suites program)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PROPERTIES")
  get_target_property(emulator ${program} CROSSCOMPILING_EMULATOR)
  if(NOT emulator)
    set(emulator "")
  endif()
  set(script "${CMAKE_CURRENT_BINARY_DIR}/${program}_suites.cmake")
  file(GENERATE OUTPUT "${script}" CONTENT
"set(program [==[${program}]==])
set(command [==[${emulator};$<TARGET_FILE:${program}>]==])
set(cmake [==[${CMAKE_COMMAND}]==])
set(properties [==[${arg_PROPERTIES}]==])
include([==[${WEFT_LIST_SUITES}]==])
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${script}")
endfunction()
