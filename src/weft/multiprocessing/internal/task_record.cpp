#include "weft/multiprocessing/internal/task_record.h"

#include "weft/ipc/layout.h"
#include "weft/platform/shared.h"

namespace weft::multiprocessing {
namespace {

namespace layout = ipc::layout;

// Above the numbers of the shared objects.
constexpr std::uint32_t kFirstTask = trace::kFirstSharedObject + (1u << 30);

trace::Kind kind_of(TaskEvent event) {
  switch (event) {
    case TaskEvent::submit: return trace::Kind::task_submit;
    case TaskEvent::start: return trace::Kind::task_start;
    case TaskEvent::finish: break;
  }
  return trace::Kind::task_finish;
}

}  // namespace

std::uint32_t new_task_number() noexcept {
  if (!runtime::traced()) return 0;
  const platform::shared::Access access;
  return kFirstTask + platform::shared::fetch_add(layout::run::kNextTask, 1);
}

void record_task(std::uint32_t task, TaskEvent event, std::uint32_t detail) noexcept {
  if (!runtime::traced()) return;
  runtime::Object object(trace::ObjectType::future);
  object.set_shared(task, layout::run::kNextTask);  // word not used
  runtime::ThreadState& thread = *runtime::session_thread;
  thread.record_at(thread.stamp(runtime::ThreadState::Stamp::exact),
                   static_cast<std::uint32_t>(event), kind_of(event), object, 0, detail);
}

}  // namespace weft::multiprocessing
