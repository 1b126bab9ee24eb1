# weft_flags: what this project's own sources are compiled with.
add_library(weft_flags INTERFACE)
target_compile_options(weft_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  # In a unity build the names of another source are in sight.
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>
  # That locks are held where data needs them; see src/weft/platform/thread_annotations.h.
  $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wthread-safety>
  $<$<BOOL:${WEFT_WERROR}>:-Werror>
  # Records name places in the source: as they are in the project, not on the machine that built it.
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

# weft_platform: what everything that uses the library has to be compiled and linked with.
add_library(weft_platform INTERFACE)
add_library(weft::platform ALIAS weft_platform)
set_property(TARGET weft_platform PROPERTY EXPORT_NAME platform)
if(EMSCRIPTEN)
  include(wasm)
else()
  find_package(Threads REQUIRED)
  target_link_libraries(weft_platform INTERFACE Threads::Threads)
endif()

if(WEFT_SANITIZE)
  # Also for GoogleTest: mixed objects give false reports.
  add_compile_options(-fsanitize=${WEFT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    -O1 -g1)  # a report needs lines, not variables; half of the time to build
  add_link_options(-fsanitize=${WEFT_SANITIZE})
  add_compile_definitions(WEFT_CHECKED)  # see platform/critical_section.h
endif()
