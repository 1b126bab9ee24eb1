#pragma once

#include <cstdint>

/// The enumerations of the trace format and their numbers, which are never reused. What the page
/// needs of them is generated from here: see playground/format.h. docs/trace-format.md is the
/// specification.
namespace weft::trace {

inline constexpr std::uint32_t kFormatVersion = 2;

/// First bytes of a trace file; one digit, the format version, follows.
inline constexpr char kFileMagic[] = "WEFTTRC";
static_assert(kFormatVersion < 10);

/// Kinds from this number on have a payload.
inline constexpr std::uint8_t kFirstWithPayload = 128;

// name, number
#define WEFT_TRACE_KINDS(X)                                                                       \
  X(thread_start, 1)       /* detail: number of the parent, where start() was called */           \
  X(thread_end, 2)         /* detail: ThreadEnd */                                                \
  X(blocked, 3)            /* object, not ordered on it; detail: Reason */                        \
  X(unblocked, 4)          /* object, not ordered on it; detail: Unblocked, argument: waker */    \
  X(lock_acquire, 5)       /* object */                                                           \
  X(lock_release, 6)       /* object */                                                           \
  X(condition_notify, 7)   /* object, argument: waiters notified */                               \
  X(event_set, 8)          /* object */                                                           \
  X(event_clear, 9)        /* object */                                                           \
  X(queue_put, 10)         /* object, argument: depth after */                                    \
  X(queue_get, 11)         /* object, argument: depth after */                                    \
  X(queue_task_done, 12)   /* object, argument: unfinished after */                               \
  X(queue_shutdown, 13)    /* object, detail: 1 = immediate */                                    \
  X(queue_open, 14)        /* object, argument: maxsize, 0 = unbounded */                         \
  X(task_submit, 15)       /* object: future, detail: executor */                                 \
  X(task_start, 16)        /* object: future, detail: executor */                                 \
  X(task_finish, 17)       /* object: future, detail: 0 result, 1 exception */                    \
  X(task_cancel, 18)       /* object: future */                                                   \
  X(executor_open, 19)     /* object, argument: max_workers */                                    \
  X(executor_shutdown, 20) /* object */                                                           \
  X(run_start, 21)                                                                                \
  X(run_end, 22)           /* detail: exit status */                                              \
  X(progress, 23)          /* argument: done | total << 32 */                                     \
  X(mark, 25)              /* detail: string id */                                                \
  X(semaphore_open, 26)    /* object, argument: value */                                          \
  X(semaphore_acquire, 27) /* object, argument: value after */                                    \
  X(semaphore_release, 28) /* object, argument: value after, detail: by how many */               \
  X(barrier_open, 29)      /* object, argument: parties */                                        \
  X(barrier_arrive, 30)    /* object, argument: index, detail: waiting after */                   \
  X(barrier_pass, 31)      /* object: all parties have arrived and pass */                        \
  X(barrier_break, 32)     /* object */                                                           \
  X(barrier_reset, 33)     /* object */                                                           \
  X(read_acquire, 34)      /* object, argument: readers after */                                  \
  X(read_release, 35)      /* object, argument: readers after */                                  \
  X(write_acquire, 36)     /* object */                                                           \
  X(write_release, 37)     /* object */                                                           \
  X(shared_load, 38)       /* object, argument: the value's first 8 bytes */                      \
  X(shared_store, 39)      /* object, argument: the value's first 8 bytes */                      \
  X(gil_open, 40)          /* object, argument: switch interval in ns */                          \
  X(gil_acquire, 41)       /* object */                                                           \
  X(gil_release, 42)       /* object, detail: GilRelease */                                       \
  X(gil_request, 43)       /* object: drop request after a switch interval */                     \
  X(gil_close, 44)         /* object */                                                           \
  X(executor_broken, 45)   /* object */                                                           \
  X(process_start,                                                                                \
    46) /* object: process, argument: its number | its parent's << 32, detail: 1 = daemon */      \
  X(process_end, 47)    /* object: process, argument: its number, detail: exit code, signed */    \
  X(process_signal, 48) /* object: process, argument: its number, detail: 15 terminate, 9 kill */ \
  X(process_memory, 49) /* argument: bytes of its memory in use | size of it << 32 */             \
  X(pipe_send, 50)      /* object, argument: bytes */                                             \
  X(pipe_receive, 51)   /* object, argument: bytes */                                             \
  X(pipe_close, 52)     /* object */                                                              \
  X(abandon, 53)        /* object: its owner died holding it or within a message */               \
  X(thread_join, 54)    /* object: the thread that was joined */                                  \
  X(task_suspend, 55)   /* object: task, suspended by its thread */                               \
  X(task_resume, 56)    /* object: task, resumed, perhaps on another thread */                    \
  X(work_begin, 57)     /* argument: Work, detail: string id of its name */                       \
  X(work_end, 58)                                                                                 \
  X(string, 128)      /* detail: string id; payload: text */                                      \
  X(thread_name, 129) /* payload: text */                                                         \
  X(object_name, 130) /* object, detail: ObjectType; payload: text */                             \
  X(console, 131)     /* detail: 0 out, 1 error; payload: a line */                               \
  X(parameter, 132)   /* payload: name=value */                                                   \
  X(result, 133)      /* payload: name=value */                                                   \
  X(check, 134)       /* detail: 1 = holds; payload: name */                                      \
  X(image, 135)       /* object; payload: JSON with width, height, name */                        \
  X(tile, 136)        /* object; payload: u16 x, y, w, h, then w*h bytes */                       \
  X(error, 137)       /* payload: type and message of an uncaught exception */                    \
  X(deadlock, 138)    /* payload: JSON, see runtime/internal/deadlock.h */                        \
  X(sample, 139)      /* payload: name=number, one of several with that name */                   \
  X(row, 140)         /* payload: a table's name and its cells, tabs between */

/// Kinds whose records have a call site: the upper half of the argument is the string id of
/// "file:line", 0 if unknown; the lower half is the argument given above.
#define WEFT_TRACE_KINDS_WITH_WHERE(X) \
  X(thread_start)                      \
  X(blocked)                           \
  X(lock_acquire)                      \
  X(condition_notify)                  \
  X(event_set)                         \
  X(queue_put)                         \
  X(queue_get)                         \
  X(task_submit)                       \
  X(semaphore_acquire)                 \
  X(barrier_arrive)                    \
  X(read_acquire)                      \
  X(write_acquire)                     \
  X(thread_join)

/// Why a thread is blocked.
#define WEFT_TRACE_REASONS(X) \
  X(lock, 1)                  \
  X(condition, 2)             \
  X(event, 3)                 \
  X(queue_get, 4)             \
  X(queue_put, 5)             \
  X(queue_join, 6)            \
  X(future, 7)                \
  X(thread_join, 8)           \
  X(sleep, 9)                 \
  X(task, 10)                 \
  X(semaphore, 11)            \
  X(barrier, 12)              \
  X(executor, 13)             \
  X(process, 14)              \
  X(pipe, 15)                 \
  X(gil, 16)                  \
  X(read_lock, 17)            \
  X(write_lock, 18)           \
  X(pool, 19)                 \
  X(trace_full, 20)

// name, number, Python's class or Weft's: unnamed objects are called "Lock-1"
#define WEFT_TRACE_OBJECT_TYPES(X)        \
  X(lock, 1, "Lock")                      \
  X(condition, 2, "Condition")            \
  X(event, 3, "Event")                    \
  X(queue, 4, "Queue")                    \
  X(future, 5, "Future")                  \
  X(executor, 6, "ThreadPoolExecutor")    \
  X(thread, 7, "Thread")                  \
  X(rlock, 8, "RLock")                    \
  X(semaphore, 9, "Semaphore")            \
  X(barrier, 10, "Barrier")               \
  X(read_write_lock, 11, "ReadWriteLock") \
  X(shared, 12, "Shared")                 \
  X(gil, 13, "GIL")                       \
  X(process, 14, "Process")               \
  X(pipe, 15, "Pipe")                     \
  X(pool, 16, "Pool")

/// How a thread ended.
#define WEFT_TRACE_THREAD_ENDS(X)                             \
  X(returned, 0)                                              \
  X(exception, 1)                                             \
  X(stopped, 2)                                               \
  X(with_process, 3) /* a daemon thread: the process ended */ \
  X(deadlock, 4)     /* it was stopped because of a deadlock */

/// How a wait ended. After `deadlock` the thread only unwinds its stack: what it does then is no
/// part of the program.
#define WEFT_TRACE_UNBLOCKED(X) \
  X(woken, 0)                   \
  X(timed_out, 1)               \
  X(stopped, 2)                 \
  X(deadlock, 3) /* the run was stopped because of a deadlock */

/// What simulated work stands for.
#define WEFT_TRACE_WORKS(X)                 \
  X(computes, 1) /* occupies a processor */ \
  X(waits, 2)    /* for a device or a network: occupies none */

/// Why a thread released the GIL.
#define WEFT_TRACE_GIL_RELEASES(X)                   \
  X(waits, 0)     /* the thread is about to block */ \
  X(requested, 1) /* another thread requested it */  \
  X(ended, 2)     /* the thread ended */

#define WEFT_ENUMERATOR(name, number, ...) name = number,
enum class Kind : std::uint8_t { WEFT_TRACE_KINDS(WEFT_ENUMERATOR) };
enum class Reason : std::uint32_t { WEFT_TRACE_REASONS(WEFT_ENUMERATOR) };
enum class ObjectType : std::uint32_t { WEFT_TRACE_OBJECT_TYPES(WEFT_ENUMERATOR) };
enum class ThreadEnd : std::uint32_t { WEFT_TRACE_THREAD_ENDS(WEFT_ENUMERATOR) };
enum class Unblocked : std::uint32_t { WEFT_TRACE_UNBLOCKED(WEFT_ENUMERATOR) };
enum class GilRelease : std::uint32_t { WEFT_TRACE_GIL_RELEASES(WEFT_ENUMERATOR) };
enum class Work : std::uint32_t { WEFT_TRACE_WORKS(WEFT_ENUMERATOR) };
#undef WEFT_ENUMERATOR

/// Numbers of objects that several processes share start here and are the same in each of them;
/// their sequence numbers continue across processes.
inline constexpr std::uint32_t kFirstSharedObject = 0x8000'0000;

constexpr bool has_where(Kind kind) {
#define WEFT_CASE(name) \
  case Kind::name: return true;
  switch (kind) {
    WEFT_TRACE_KINDS_WITH_WHERE(WEFT_CASE)
    default: return false;
  }
#undef WEFT_CASE
}

/// The argument of a record with a call site: `where` is its string id.
constexpr std::uint64_t with_where(std::uint32_t argument, std::uint32_t where) {
  return std::uint64_t{where} << 32 | argument;
}

/// The argument of an `unblocked` record. Bits 0–23: the thread that ended the wait, 0 if unknown;
/// bits 32–63: the sequence number of the record on the same object that did, 0 if none or unknown.
constexpr std::uint64_t waker(std::uint32_t thread, std::uint32_t sequence) {
  return std::uint64_t{sequence} << 32 | (thread & 0xffffff);
}

constexpr bool has_payload(Kind kind) {
  return static_cast<std::uint8_t>(kind) >= kFirstWithPayload;
}

}  // namespace weft::trace
