# What `cmake --install` installs: these, and the headers that they include.
set(WEFT_PUBLIC_HEADERS
  weft  # includes the header of each module, and that each public header of the module
  # For who schedules a run, adds a primitive, or reads a trace.
  runtime/gil runtime/park runtime/point runtime/scheduler runtime/session runtime/stopped
  runtime/simulated_work runtime/time runtime/uncaught runtime/wait_queue
  trace/kinds trace/record trace/record_ring trace/trace)
list(TRANSFORM WEFT_PUBLIC_HEADERS PREPEND "weft/")
list(TRANSFORM WEFT_PUBLIC_HEADERS APPEND ".h")
