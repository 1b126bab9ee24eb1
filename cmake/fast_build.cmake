# weft_unite(<target> [<source>…]): its sources are compiled several at a time (a unity build), which halves the
# time, as they share what they include and instantiate. The sources named are compiled by themselves:
# their names without linkage are also those of another source. Only sources of one folder are united, or of
# folders of one source each, so that a new source changes what its neighbours are compiled with and nothing else.
function(weft_unite target)
  set(batch 8)
  get_target_property(sources ${target} SOURCES)
  list(TRANSFORM sources REPLACE "/[^/]*$" "" OUTPUT_VARIABLE folders)
  foreach(source ${sources})
    cmake_path(GET source FILENAME name)
    if(name IN_LIST ARGN)
      set_property(SOURCE "${source}" PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
      continue()
    endif()
    cmake_path(GET source PARENT_PATH folder)
    list(FIND folders "${folder}" first)
    list(SUBLIST folders ${first} -1 rest)
    list(POP_FRONT rest)
    if(NOT folder IN_LIST rest)
      cmake_path(GET folder PARENT_PATH folder)
    endif()
    cmake_path(ABSOLUTE_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    string(MAKE_C_IDENTIFIER "${folder}" group)
    list(APPEND seen ${group})
    set(same ${seen})
    list(FILTER same INCLUDE REGEX "^${group}$")
    list(LENGTH same number)
    math(EXPR part "(${number} - 1) / ${batch}")
    set_property(SOURCE "${source}" PROPERTY UNITY_GROUP ${group}_${part})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# weft_build_fast(<target> [<source>…]): its sources are united, but for those named, and begin with a
# precompiled header of the standard library's. Only if WEFT_FAST_BUILD is on: the native build is
# without, and finds what a source forgot to include.
function(weft_build_fast target)
  if(WEFT_FAST_BUILD)
    weft_unite(${target} ${ARGN})
    foreach(header algorithm atomic chrono cstdint cstring deque functional map memory mutex
        optional set span stdexcept string string_view utility variant vector)
      target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:<${header}$<ANGLE-R>>")
    endforeach()
  endif()
endfunction()
