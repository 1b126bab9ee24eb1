# weft_precompile_standard(<target>): its sources begin with a precompiled header of the standard
# library's, which halves the time to build. Only if WEFT_PRECOMPILE is on: the native build is
# without, and finds what a source forgot to include.
function(weft_precompile_standard target)
  if(WEFT_PRECOMPILE)
    foreach(header algorithm atomic chrono cstdint cstring deque functional map memory mutex
        optional set span stdexcept string string_view utility variant vector)
      target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:<${header}$<ANGLE-R>>")
    endforeach()
  endif()
endfunction()
