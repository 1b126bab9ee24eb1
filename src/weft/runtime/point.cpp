#include "weft/runtime/point.h"

#include "weft/platform/critical_section.h"

namespace weft::runtime {

void point_plugged(ThreadState& thread, trace::Kind operation, const Object& object) {
  yield_point_plugged(thread, operation, &object);
  if (thread.must_stop()) throw Stopped{};
}

void yield_point_plugged(ThreadState& thread, trace::Kind operation,
                         const Object* object) noexcept {
  platform::check_no_critical_section();
  thread.catch_up();
  if (thread.scheduler != nullptr) thread.scheduler->point(thread, operation, object);
}

void checkpoint_plugged(ThreadState& thread) {
  thread.catch_up();
  thread.forget_stamp();
  platform::check_no_critical_section();
  if (thread.scheduler != nullptr) thread.scheduler->point(thread, trace::Kind::mark, nullptr);
  if (thread.must_stop()) throw Stopped{};
}

void observe_plugged(ThreadState& thread) noexcept {
  if (thread.scheduler != nullptr) thread.scheduler->yield(thread);
}

std::uint32_t intern(std::string_view text) {
  if (!traced()) return 0;
  trace::Record record;
  record.time = plugged->stamp(ThreadState::Stamp::coarse);
  record.thread = plugged->number & 0xffffff;
  return plugged->session->trace()->intern(*plugged->ring, record, text);
}

void note_payload(trace::Kind kind, std::uint32_t object, std::uint32_t sequence,
                  std::uint32_t detail, std::string_view payload) noexcept {
  if (plugged == nullptr) return;
  plugged->note_with_payload(kind, object, sequence, detail, payload);
  plugged->catch_up();
}

void note_console(std::uint32_t sequence, std::string_view line) noexcept {
  if (!traced()) return;
  plugged->note_with_payload(trace::Kind::console, trace::kConsoleObject, sequence, 0, line);
  plugged->session->console_written();
}

}  // namespace weft::runtime
