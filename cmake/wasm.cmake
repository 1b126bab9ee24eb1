# Compiling and linking with Emscripten. Exceptions, threads and tail calls (without which symmetric
# transfer between coroutines overflows the stack) are part of the ABI: every object needs them.
set(abi -pthread -fwasm-exceptions -mtail-call)
target_compile_options(weft_platform INTERFACE ${abi})

target_link_options(weft_platform INTERFACE ${abi})

# weft_link_javascript(<emcc's option> <file>): here it is a source, for find_package what was installed.
function(weft_link_javascript option file)
  set(source "${PROJECT_SOURCE_DIR}/src/weft/platform/wasm/${file}")
  set(installed "$<INSTALL_PREFIX>/${CMAKE_INSTALL_LIBDIR}/weft/${file}")
  target_link_options(weft_platform INTERFACE
    "$<BUILD_INTERFACE:SHELL:${option} ${source}>" "$<INSTALL_INTERFACE:SHELL:${option} ${installed}>")
  set_property(TARGET weft_platform APPEND PROPERTY INTERFACE_LINK_DEPENDS
    "$<BUILD_INTERFACE:${source}>" "$<INSTALL_INTERFACE:${installed}>")
  set_property(TARGET weft_platform APPEND PROPERTY WEFT_JAVASCRIPT "${source}")
endfunction()

weft_link_javascript(--js-library library.js)
weft_link_javascript(--js-library shared_operations.js)
weft_link_javascript(--js-library shared_library.js)

# Says itself what it cures. 6.0.0 to 6.0.3 do not run without what it takes away.
if(EMSCRIPTEN_VERSION VERSION_LESS 6.0.0
    OR (EMSCRIPTEN_VERSION VERSION_GREATER 6.0.3 AND EMSCRIPTEN_VERSION VERSION_LESS 6.0.7))
  weft_link_javascript(--pre-js pre.js)
endif()

# weft_process: a program whose main() may block and start threads.
add_library(weft_process INTERFACE)
add_library(weft::process ALIAS weft_process)
set_property(TARGET weft_process PROPERTY EXPORT_NAME process)
target_link_options(weft_process INTERFACE
  -sSTRICT
  -sPROXY_TO_PTHREAD  # main() is not on the thread whose event loop starts workers
  -sEXIT_RUNTIME      # main()'s return ends the process, with its status
  -sALLOW_BLOCKING_ON_MAIN_THREAD=0
  -sDYNAMIC_EXECUTION=0  # the page forbids eval
  -sINITIAL_MEMORY=64MB  # fixed: views of a memory that never grows stay valid
  -sSTACK_SIZE=1MB
  -sDEFAULT_PTHREAD_STACK_SIZE=256KB  # the default, 64 KB, overflows into the heap unnoticed
  # mimalloc is faster with many threads, but gives each of them 4 MB, and 64 may come.
  -sMALLOC=dlmalloc)

# weft_module: … as an ES module for a page.
add_library(weft_module INTERFACE)
target_link_libraries(weft_module INTERFACE weft_process)
target_link_options(weft_module INTERFACE
  -sMODULARIZE -sEXPORT_ES6 -sEXPORT_NAME=createCore -sFILESYSTEM=0
  -sINCOMING_MODULE_JS_API=arguments,print,printErr,onExit,onAbort,instantiateWasm,wasmMemory,locateFile)

# For browsers with a WebKit from before the spring of 2026: see there.
function(weft_pad_indirect_calls module)
  set(program "${PROJECT_SOURCE_DIR}/tools/wasm/pad_indirect_calls.mjs")
  set_property(TARGET ${module} APPEND PROPERTY LINK_DEPENDS "${program}")
  add_custom_command(TARGET ${module} POST_BUILD
    COMMAND "${CMAKE_CROSSCOMPILING_EMULATOR}" "${program}"
      "$<TARGET_FILE_DIR:${module}>/$<TARGET_FILE_BASE_NAME:${module}>.wasm"
    VERBATIM)
endfunction()
