# weft_unite(<target> [<source>…]): its sources are compiled several at a time (a unity build), which halves the
# time, as they share what they include and instantiate. The sources named are compiled by themselves:
# their names without linkage are also those of another source.
function(weft_unite target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  get_target_property(sources ${target} SOURCES)
  foreach(alone ${ARGN})
    set(found ${sources})
    list(FILTER found INCLUDE REGEX "(^|/)${alone}$")
    if(found)  # what tests the demos is left out where there are none
      set_property(SOURCE ${found} PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
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
