# What `cmake --install` installs: these, and the headers that they include. What lies in a folder
# internal/, in platform or in ipc comes only along: no user includes it (tools/dev/layers.mjs).
set(WEFT_PUBLIC_HEADERS
  weft  # includes the header of each module, and that each public header of the module
  # For who schedules a run, adds a primitive, or reads a trace.
  runtime/gil runtime/object runtime/park runtime/point runtime/scheduler runtime/session
  runtime/simulated_work runtime/stopped runtime/time runtime/uncaught runtime/wait_queue
  runtime/where
  # json: some payloads of records are JSON.
  trace/json trace/kinds trace/record trace/record_ring trace/trace)
list(TRANSFORM WEFT_PUBLIC_HEADERS PREPEND "weft/")
list(TRANSFORM WEFT_PUBLIC_HEADERS APPEND ".h")
