# Adds the suites of a GoogleTest program as tests. ctest includes it: see gtest_suites.cmake.

list(REMOVE_ITEM command "")
execute_process(COMMAND ${command} --gtest_list_tests
  OUTPUT_VARIABLE listing ERROR_QUIET RESULT_VARIABLE status TIMEOUT 60)

string(REGEX MATCHALL "(^|\n)[^ \n]+\\.[ \n]" suites "${listing}")
list(TRANSFORM suites STRIP)
set(added)
if(NOT status STREQUAL "0")
  add_test(${program} ${command} --gtest_list_tests)  # it fails in the same way
  list(APPEND added ${program})
elseif(NOT suites)
  add_test(${program}.lists_no_tests "${cmake}" -E false)
  list(APPEND added ${program}.lists_no_tests)
else()
  foreach(suite ${suites})
    string(REGEX REPLACE "\\.$" "" suite "${suite}")
    add_test(${program}.${suite} ${command} --gtest_filter=${suite}.*)
    list(APPEND added ${program}.${suite})
  endforeach()
endif()
foreach(test ${added})
  set_tests_properties(${test} PROPERTIES ${properties})
endforeach()
