#pragma once

#include <exception>
#include <functional>

#include "weft/threading/thread_ref.h"

namespace weft::threading {

/// An exception that left a thread's target.
///
/// Example:
///     const ExceptHook before = set_excepthook([](const ExceptHookArgs& args) {
///       try {
///         std::rethrow_exception(args.exc_value);
///       } catch (const std::exception& error) {
///         print(args.thread.name(), error.what());
///       } catch (...) {
///         print(args.thread.name(), "an exception of another type");
///       }
///     });
///     set_excepthook(before);
struct ExceptHookArgs {
  std::exception_ptr exc_value;
  ThreadRef thread;
};

/// A handler of exceptions that leave a thread's target, including SystemExit. Called on that
/// thread, which ends afterwards.
using ExceptHook = std::function<void(const ExceptHookArgs&)>;

/// Installs `hook` for all threads of the process and returns the previous one; an empty function
/// stands for original_excepthook. If the hook throws, its exception and the original one are both
/// reported, each unless it is SystemExit; if the hook throws SystemExit, nothing is.
/// Python: https://docs.python.org/3/library/threading.html#threading.excepthook
///
/// Example:
///     set_excepthook([](const ExceptHookArgs& args) { print(args.thread.name() + " failed"); });
///     set_excepthook(nullptr);   // the original one again
ExceptHook set_excepthook(ExceptHook hook);

/// Reports the exception, unless it is SystemExit: as an `error` record in the trace, or, outside a
/// traced run, as a line on standard error. Must be called on the thread concerned.
/// Python: https://docs.python.org/3/library/threading.html#threading.__excepthook__
void original_excepthook(const ExceptHookArgs& args);

}  // namespace weft::threading
