#include "weft/multiprocessing/task_note.h"

#include "weft/multiprocessing/layout.h"
#include "weft/platform/shared.h"

namespace weft::multiprocessing {
namespace {

// Above the numbers of the shared objects.
constexpr std::uint32_t kFirstTask = trace::kFirstSharedObject + (1u << 30);

trace::Kind kind_of(TaskRecord record) {
  switch (record) {
    case TaskRecord::submit: return trace::Kind::task_submit;
    case TaskRecord::start: return trace::Kind::task_start;
    case TaskRecord::finish: break;
  }
  return trace::Kind::task_finish;
}

}  // namespace

std::uint32_t new_task_number() noexcept {
  if (!runtime::traced()) return 0;
  const platform::shared::Access access;
  return kFirstTask + platform::shared::fetch_add(layout::run::kNextTask, 1);
}

void note_task(std::uint32_t task, TaskRecord record, std::uint32_t detail) noexcept {
  if (!runtime::traced()) return;
  runtime::Object object(trace::ObjectType::future);
  object.set_shared(task, layout::run::kNextTask);  // word not used
  runtime::ThreadState& thread = *runtime::session_thread;
  thread.record_at(thread.stamp(runtime::ThreadState::Stamp::exact),
                   static_cast<std::uint32_t>(record), kind_of(record), object, 0, detail);
}

}  // namespace weft::multiprocessing
