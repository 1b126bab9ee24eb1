#!/bin/sh
# seam.sh ROOT: fails if anything parks, wakes or reads the time other than through runtime, whose
# scheduler would not see it. Allowed are the platform, and what is named below with its reason.
root=$1

allowed='
src/weft/runtime/scheduler.h              without a scheduler: the operating system
src/weft/runtime/scheduler.cpp            without a scheduler: the operating system
src/weft/runtime/time.h                   outside a session
src/weft/runtime/park.h                   outside a session
src/weft/runtime/park.cpp                 outside a session
src/weft/runtime/internal/thread.cpp      the thread that ends needs no turn any more
src/weft/runtime/wait_queue.cpp           the releasing thread passes no point meanwhile
src/weft/runtime/internal/thread_list.cpp without a controlled scheduler, or after a thread has left it
src/weft/trace/record_ring.cpp            the reader is no thread of the session
src/playground/process/hosted.cpp         before and after the run
src/cli/collected.cpp                     the collector is no thread of the session
src/cli/collector.h                       the collector is no thread of the session
src/cli/main.cpp                          the number of cores'

raw='futex_(wait|wake)|platform::clock_now|std::this_thread|(steady|system|high_resolution)_clock'
raw=$raw'|std::(mutex|condition_variable|shared_mutex|thread|counting_semaphore|latch|barrier)\b'
raw=$raw'|\.(wait|notify_one|notify_all)\(std::memory_order|nanosleep|usleep|pthread_(cond|mutex)'
raw=$raw'|emscripten_(futex|thread_sleep|get_now)'

cd "$root" || exit 1
found=$(grep -rnE --include='*.h' --include='*.cpp' "$raw" src |
  grep -v '^src/weft/platform/' | grep -vE '^[^:]*:[0-9]*: *//')
[ -n "$found" ] || { echo "Nothing found: the pattern is wrong."; exit 1; }

status=0
for file in $(printf '%s\n' "$found" | cut -d: -f1 | sort -u); do
  printf '%s\n' "$allowed" | grep -q "^$file " && continue
  printf '%s\n' "$found" | grep "^$file:"
  status=1
done
[ "$status" -eq 0 ] || echo 'Past the scheduler: use runtime::park, wake and Clock::now.'
exit "$status"
