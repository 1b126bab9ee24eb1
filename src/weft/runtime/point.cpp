#include "weft/runtime/point.h"

#include "weft/platform/critical_section.h"

namespace weft::runtime {

void point_in_session(ThreadState& thread, trace::Kind operation, const Object& object) {
  yield_point_in_session(thread, operation, &object);
  if (thread.must_stop()) throw Stopped{};
}

void yield_point_in_session(ThreadState& thread, trace::Kind operation,
                            const Object* object) noexcept {
  platform::check_no_critical_section();
  thread.flush_backlog();
  if (thread.scheduler != nullptr) thread.scheduler->point(thread, operation, object);
}

void checkpoint_in_session(ThreadState& thread) {
  thread.flush_backlog();
  thread.forget_stamp();
  platform::check_no_critical_section();
  if (thread.scheduler != nullptr) thread.scheduler->point(thread, trace::Kind::mark, nullptr);
  if (thread.must_stop()) throw Stopped{};
}

void yield_hint_in_session(ThreadState& thread) noexcept {
  if (thread.scheduler != nullptr) thread.scheduler->yield(thread);
}

std::uint32_t intern(std::string_view text) {
  if (!traced()) return 0;
  trace::Record record;
  record.time = session_thread->stamp(ThreadState::Stamp::coarse);
  record.thread = session_thread->number & 0xffffff;
  return session_thread->session->trace()->intern(*session_thread->ring, record, text);
}

void record_payload(trace::Kind kind, std::uint32_t object, std::uint32_t sequence,
                    std::uint32_t detail, std::string_view payload) noexcept {
  if (session_thread == nullptr) return;
  session_thread->record_with_payload(kind, object, sequence, detail, payload);
  session_thread->flush_backlog();
}

void record_console(std::uint32_t sequence, std::string_view line) noexcept {
  if (!traced()) return;
  session_thread->record_with_payload(trace::Kind::console, trace::kConsoleObject, sequence, 0,
                                      line);
  session_thread->session->console_written();
}

}  // namespace weft::runtime
