# Emscripten before 5.0.5 tells a thread that its call to the main thread is done by signalling a
# condition variable on that thread's stack after the thread may have gone on: now and then (once in
# some hundred thousand calls, each printf and each new thread being one) a program hangs for ever
# (emscripten-core/emscripten#26582). The cure is to signal before unlocking. It is applied to a copy
# of the toolchain's own source, which the linker finds before the toolchain's library.
if(EMSCRIPTEN_VERSION VERSION_GREATER_EQUAL 5.0.5)
  return()
endif()

enable_language(C)
set(system "${EMSCRIPTEN_ROOT_PATH}/system/lib")
set(mended "${CMAKE_CURRENT_BINARY_DIR}/emscripten/proxying.c")

file(READ "${system}/pthread/proxying.c" text)
set(unlock "pthread_mutex_unlock(&ctx->sync.mutex);")
set(signal "pthread_cond_signal(&ctx->sync.cond);")
string(REPLACE "${unlock}\n    ${signal}" "${signal}\n    ${unlock}" cured "${text}")
if(cured STREQUAL text)
  message(FATAL_ERROR "${system}/pthread/proxying.c is not the source that is to be mended")
endif()
file(CONFIGURE OUTPUT "${mended}" CONTENT "@cured@" @ONLY)  # written only if it changes

target_sources(weft PRIVATE "${mended}")
set_source_files_properties("${mended}" PROPERTIES
  INCLUDE_DIRECTORIES "${system}/pthread;${system}/libc/musl/src/internal;${system}/libc/musl/src/include;${system}/libc"
  COMPILE_OPTIONS "-pthread;-Oz;-w")
