# Installs the built library, builds what the README quotes against it, and looks at what that prints.
#   BUILD         the build folder of the library
#   FOLDER        a folder for everything that this writes
#   README        the document
#   EMULATOR      what runs the program, if anything has to
#   NEXT_VERSION  the next one that is not compatible
#   OPTIONS       further arguments to configure with: the compiler, the toolchain
cmake_minimum_required(VERSION 3.25)

set(prefix "${FOLDER}/prefix")
set(quoted "${FOLDER}/quoted")
file(REMOVE_RECURSE "${FOLDER}")

file(READ "${README}" document)
foreach(language cpp cmake)
  if(NOT document MATCHES "\n```${language}\n([^`]*)```\n")
    message(FATAL_ERROR "The README quotes no ${language}.")
  endif()
  file(WRITE "${quoted}/app.${language}" "${CMAKE_MATCH_1}")
endforeach()

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\n${output}\nended with ${status}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
file(GLOB_RECURSE internal "${prefix}/include/weft/platform/linux/*" "${prefix}/include/weft/platform/wasm/*")
if(internal OR NOT EXISTS "${prefix}/include/weft/version.h")
  message(FATAL_ERROR "Other headers than the public ones and what these include are installed: ${internal}")
endif()

run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/project" -B "${FOLDER}/build" -G Ninja
  "-Dweft_DIR=${prefix}/${LIBRARIES}/cmake/weft" "-DINSTALLED=${prefix}" "-DQUOTED=${quoted}"
  "-DNEXT_VERSION=${NEXT_VERSION}" ${OPTIONS})
run("${CMAKE_COMMAND}" --build "${FOLDER}/build")

file(GLOB app "${FOLDER}/build/app" "${FOLDER}/build/app.js")
run(${EMULATOR} "${app}")
if(NOT output STREQUAL "1\n4\n9\n")
  message(FATAL_ERROR "The README's program printed:\n${output}")
endif()
