#pragma once

#include <exception>
#include <functional>

#include "weft/threading/thread_ref.h"

namespace weft::threading {

/// An exception that left a thread's target.
struct ExceptHookArgs {
  std::exception_ptr exc_value;
  ThreadRef thread;
};

/// Is told of exceptions that leave a thread's target, SystemExit among them, on that thread, which ends
/// then.
using ExceptHook = std::function<void(const ExceptHookArgs&)>;

/// Sets what is done about exceptions that leave a thread's target, in the whole process, and
/// returns what was done before; an empty one stands for original_excepthook. An exception that
/// leaves the hook is reported, and so is the one that it was about; SystemExit is not.
/// Python: https://docs.python.org/3/library/threading.html#threading.excepthook
ExceptHook set_excepthook(ExceptHook hook);

/// Reports the exception, unless it is SystemExit: an `error` record in the trace, or a line on standard
/// error outside a traced run. To be called on the thread that it is about.
/// Python: https://docs.python.org/3/library/threading.html#threading.__excepthook__
void original_excepthook(const ExceptHookArgs& args);

}  // namespace weft::threading
