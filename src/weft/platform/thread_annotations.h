#pragma once

/// Annotations of Clang's thread safety analysis (-Wthread-safety), which checks at compile time
/// that data is accessed with its lock held; empty for other compilers. The names are those of its
/// documentation: https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
///
/// The analysis knows a lock by an expression that names an object. So what it cannot follow has a
/// comment instead: locks that are words of the shared memory (multiprocessing/robust_lock.h) or
/// bits of a word (bit_mutex.h), and data of one class that is guarded by the lock of another.
#ifdef __clang__
#define WEFT_THREAD_ANNOTATION(attribute) __attribute__((attribute))
#else
#define WEFT_THREAD_ANNOTATION(attribute)
#endif

// Of classes: a lock, and a guard, which holds a lock for its lifetime.
#define WEFT_CAPABILITY(name) WEFT_THREAD_ANNOTATION(capability(name))
#define WEFT_SCOPED_CAPABILITY WEFT_THREAD_ANNOTATION(scoped_lockable)

// Of data: the lock to be held for an access to it, or to what it points to.
#define WEFT_GUARDED_BY(lock) WEFT_THREAD_ANNOTATION(guarded_by(lock))
#define WEFT_PT_GUARDED_BY(lock) WEFT_THREAD_ANNOTATION(pt_guarded_by(lock))

// Of functions: the locks that the caller has to hold, or must not hold.
#define WEFT_REQUIRES(...) WEFT_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define WEFT_EXCLUDES(...) WEFT_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

// Of functions: the locks that they acquire and release; without an argument, the object itself.
#define WEFT_ACQUIRE(...) WEFT_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define WEFT_RELEASE(...) WEFT_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
/// The first argument is the result of the function that says that it has acquired.
#define WEFT_TRY_ACQUIRE(...) WEFT_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))

// Of functions: the lock that the returned reference refers to.
#define WEFT_RETURN_CAPABILITY(lock) WEFT_THREAD_ANNOTATION(lock_returned(lock))
// Of functions: the analysis is told that the lock is held, where it cannot see it.
#define WEFT_ASSERT_CAPABILITY(lock) WEFT_THREAD_ANNOTATION(assert_capability(lock))
/// Exempts a function's body. Each use says why.
#define WEFT_NO_THREAD_SAFETY_ANALYSIS WEFT_THREAD_ANNOTATION(no_thread_safety_analysis)
