#include "weft/runtime/internal/thread_state.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>

#include "weft/runtime/internal/blocking_region.h"

namespace weft::runtime {
namespace {

// Reading the clock costs several times as much as the rest of a record; in WebAssembly it is a
// call into JavaScript, and its resolution is 5 µs or worse. So a thread that finds that less than
// kClockStep has passed reuses the timestamp for its next few records, up to the next span or
// checkpoint.
constexpr std::uint64_t kClockStep = 10'000;  // ns; twice the coarsest usual resolution
constexpr std::uint32_t kMaxReuses = 15;

}  // namespace

ThreadState::ThreadState(Session* session_, std::uint32_t number_, std::string name, bool daemon_)
    : session(session_), number(number_), daemon(daemon_), name_(std::move(name)) {
  object.set_name(name_);
}

ThreadState::~ThreadState() {
  if (has_handle) platform::detach_thread(handle);
}

std::string ThreadState::name() const {
  const platform::LockGuard guard(name_mutex_);
  return name_;
}

void ThreadState::set_name(std::string name) {
  if (session_thread == this) record_with_payload(trace::Kind::thread_name, 0, 0, 0, name);
  const platform::LockGuard guard(name_mutex_);
  name_.swap(name);
}

std::uint64_t ThreadState::stamp(Stamp stamp) noexcept {
  if (stamp == Stamp::coarse && reuses_ > 0) {
    --reuses_;
    return last_stamp_;
  }
  const std::uint64_t now = session->nanoseconds(now_on(scheduler));
  const bool busy = now < last_stamp_ + kClockStep;
  next_reuses_ = busy ? std::min(next_reuses_ * 2 + 1, kMaxReuses) : 0;
  reuses_ = next_reuses_;
  // Clocks of threads may differ by a step; timestamps of one thread never decrease.
  last_stamp_ = std::max(last_stamp_, now);
  return last_stamp_;
}

// To be called before the record about the object gets its timestamp: at first use the object is
// announced, by a record of its own.
std::uint32_t ThreadState::id_of(Object* about) { return about != nullptr ? about->id(*this) : 0; }

trace::Record ThreadState::new_record(trace::Kind kind, std::uint32_t detail,
                                      Stamp exactness) noexcept {
  trace::Record record;
  record.time = stamp(exactness);
  record.detail = detail;
  record.kind = static_cast<std::uint8_t>(kind);
  record.thread = number & 0xffffff;
  return record;
}

std::uint32_t ThreadState::string_id(const Where& where) noexcept {
  if (ring == nullptr) return 0;
  return call_sites_.id(where, [this](const std::string& text) {
    const trace::Record record = new_record(trace::Kind::string, 0, Stamp::coarse);
    return session->trace()->intern(*ring, record, text);
  });
}

std::uint32_t ThreadState::record(trace::Kind kind, Object* about, std::uint64_t argument,
                                  std::uint32_t detail, Stamp exactness) noexcept {
  if (ring == nullptr || (about != nullptr && !about->recorded())) return 0;
  const std::uint32_t object_id = id_of(about);
  // The timestamp is taken before the sequence number. If the thread is preempted in between, only
  // its own record is affected, whose timestamp is early; in the reverse order a late timestamp
  // with an early sequence number would hold up every later record of the object.
  trace::Record record = new_record(kind, detail, exactness);
  record.argument = argument;
  record.object = object_id;
  if (about != nullptr) record.sequence = about->next_sequence();
  session->trace()->write(*ring, record);
  return record.sequence;
}

std::uint32_t ThreadState::record_with_where(trace::Kind kind, Object& about, const Where& where,
                                             std::uint32_t argument, std::uint32_t detail,
                                             Stamp exactness) noexcept {
  if (ring == nullptr || !about.recorded()) return 0;
  return record(kind, &about, trace::with_where(argument, string_id(where)), detail, exactness);
}

std::uint32_t ThreadState::record_change(trace::Kind kind, LevelObject& about, std::int32_t change,
                                         std::uint32_t detail, const Where& where) noexcept {
  if (ring == nullptr || !about.recorded()) return 0;
  const std::uint32_t object_id = about.id(*this);
  const std::uint32_t where_id = string_id(where);
  trace::Record record = new_record(kind, detail, Stamp::coarse);
  const LevelObject::Place place = about.next_place(change);
  record.argument = trace::with_where(place.level, where_id);
  record.object = object_id;
  record.sequence = place.sequence;
  session->trace()->write(*ring, record);
  return record.sequence;
}

void ThreadState::record_at(std::uint64_t time, std::uint32_t sequence, trace::Kind kind,
                            Object& about, std::uint64_t argument, std::uint32_t detail) noexcept {
  trace::Record record;
  record.time = time;
  record.argument = argument;
  record.object = about.id(*this);
  record.sequence = sequence;
  record.detail = detail;
  record.kind = static_cast<std::uint8_t>(kind);
  record.thread = number & 0xffffff;
  session->trace()->write(*ring, record);
}

void ThreadState::record_blocked(const Waiting& waiting) noexcept {
  if (ring == nullptr || (waiting.object != nullptr && !waiting.object->recorded())) return;
  record_span(trace::Kind::blocked, waiting.object, trace::with_where(0, string_id(waiting.where)),
              static_cast<std::uint32_t>(waiting.reason));
}

void ThreadState::record_unblocked(const Waiting& waiting, trace::Unblocked how) noexcept {
  if (ring == nullptr || (waiting.object != nullptr && !waiting.object->recorded())) return;
  std::uint64_t waker = 0;
  if (how == trace::Unblocked::woken) {
    if (const auto* by = waiting.ended_by; by != nullptr) {
      waker = by->load(std::memory_order_relaxed);
    } else if (const auto* record = waiting.ended_by_record; record != nullptr) {
      waker = trace::waker(0, record->load(std::memory_order_relaxed));
    }
  }
  record_span(trace::Kind::unblocked, waiting.object, waker, static_cast<std::uint32_t>(how));
}

void ThreadState::record_span(trace::Kind kind, Object* about, std::uint64_t argument,
                              std::uint32_t detail) noexcept {
  const std::uint32_t object_id = id_of(about);
  trace::Record record = new_record(kind, detail, Stamp::exact);
  record.argument = argument;
  record.object = object_id;
  session->trace()->write(*ring, record);
}

void ThreadState::record_with_payload(trace::Kind kind, std::uint32_t about, std::uint32_t sequence,
                                      std::uint32_t detail, std::string_view payload) noexcept {
  if (ring == nullptr) return;
  trace::Record record = new_record(kind, detail, Stamp::exact);
  record.object = about;
  record.sequence = sequence;
  session->trace()->write(*ring, record, payload.substr(0, trace::RecordRing::kMaxPayload));
}

void ThreadState::finish_writing() noexcept {
  // Timed waits, as setting the stop word does not wake a thread blocked here.
  constexpr std::chrono::milliseconds kMaxSleep{20};
  if (ring == nullptr) return;
  while (!ring->flush_backlog() && session->trace()->has_reader()) ring->wait_for_reader(kMaxSleep);
}

void ThreadState::wait_for_reader() noexcept {
  if (ring->flush_backlog() || !session->trace()->has_reader()) return;
  std::optional<BlockingRegion> blocking;
  if (has_gil) blocking.emplace(*this);
  const Waiting waiting{trace::Reason::trace_full};
  record_blocked(waiting);
  finish_writing();
  record_unblocked(waiting,
                   ring->has_backlog() ? trace::Unblocked::stopped : trace::Unblocked::woken);
}

bool ThreadState::must_stop() const noexcept {
  return (session->stopping() || (daemon && session->ending())) && std::uncaught_exceptions() == 0;
}

}  // namespace weft::runtime
