# The headers that a program includes by name. `cmake --install` also installs what these include, which a
# program had better not name.
set(WEFT_PUBLIC_HEADERS
  weft threading queue futures multiprocessing time
  errors shared version
  threading/barrier threading/condition threading/event threading/excepthook threading/gil
  threading/guard threading/limits threading/local threading/lock threading/read_write_lock threading/rlock
  threading/semaphore threading/stop_token threading/thread threading/thread_ref threading/timer
  queue/errors queue/lifo_queue queue/priority_queue queue/queue queue/simple_queue
  futures/as_completed futures/errors futures/executor futures/future futures/thread_pool_executor futures/wait
  multiprocessing/barrier multiprocessing/child multiprocessing/condition multiprocessing/connection
  multiprocessing/entry multiprocessing/errors multiprocessing/event multiprocessing/lock
  multiprocessing/manager multiprocessing/pool multiprocessing/process
  multiprocessing/process_pool_executor multiprocessing/process_ref multiprocessing/queue
  multiprocessing/remote_error multiprocessing/semaphore multiprocessing/serialise
  multiprocessing/shared_memory multiprocessing/value multiprocessing/wait
  # For who schedules a run, adds a primitive, or reads a trace.
  runtime/gil runtime/park runtime/point runtime/scheduler runtime/session runtime/stopped
  runtime/simulated_work runtime/time runtime/uncaught runtime/wait_queue
  trace/kinds trace/record trace/record_ring trace/trace)
list(TRANSFORM WEFT_PUBLIC_HEADERS PREPEND "weft/")
list(TRANSFORM WEFT_PUBLIC_HEADERS APPEND ".h")
