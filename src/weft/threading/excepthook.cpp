#include "weft/threading/excepthook.h"

#include <memory>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/runtime/uncaught.h"

namespace weft::threading {
namespace {

platform::Mutex mutex;
// Never destroyed: threads may end during static destruction.
std::shared_ptr<const ExceptHook>& installed() WEFT_REQUIRES(mutex) {
  static auto* const hook = new std::shared_ptr<const ExceptHook>;
  return *hook;
}

void call_hook(const std::exception_ptr& exception) {
  std::shared_ptr<const ExceptHook> hook;
  {
    const platform::LockGuard guard(mutex);
    hook = installed();
  }
  const ExceptHookArgs args{exception, current_thread()};
  hook != nullptr ? (*hook)(args) : original_excepthook(args);
}

}  // namespace

ExceptHook set_excepthook(ExceptHook hook) {
  std::shared_ptr<const ExceptHook> next;
  if (hook) next = std::make_shared<const ExceptHook>(std::move(hook));
  {
    const platform::LockGuard guard(mutex);
    runtime::set_uncaught_hook(next != nullptr ? call_hook : nullptr);
    installed().swap(next);
  }
  return next != nullptr ? *next : ExceptHook();
}

void original_excepthook(const ExceptHookArgs& args) {
  runtime::report_end_of_thread(args.exc_value);
}

}  // namespace weft::threading
