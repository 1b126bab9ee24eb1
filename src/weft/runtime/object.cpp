#include "weft/runtime/object.h"

#include "weft/runtime/internal/thread_state.h"
#include "weft/trace/internal/names.h"

namespace weft::runtime {
std::uint32_t Object::announce(ThreadState& thread) {
  Session& session = *thread.session;
  const std::uint64_t run = std::uint64_t{session.serial()} << 32;
  // Futures are too many to be announced, unless they were given a name.
  const bool is_announced = type_ != trace::ObjectType::future || name_;
  std::uint64_t known_as = 0;
  if (!is_announced && known_as_.load(std::memory_order_relaxed) == 0) {
    const std::uint32_t id = session.trace()->next_object();
    if (known_as_.compare_exchange_strong(known_as, run | id, std::memory_order_acq_rel)) return id;
  }
  std::uint32_t id = 0;
  std::string name;
  {
    const platform::LockGuard guard(session.object_mutex());
    id = known_id(thread);
    if (id != 0) return id;
    id = shared_sequence_ != 0
             ? static_cast<std::uint32_t>(known_as_.load(std::memory_order_relaxed))
             : session.trace()->next_object();
    if (extra_ == Extra::level) static_cast<LevelObject*>(this)->start_again();
    sequence_.store(0, std::memory_order_relaxed);
    if (is_announced) {
      name = name_ ? *name_
                   : std::string(trace::class_name(type_)) + "-" +
                         std::to_string(session.next_object_number(type_));
      session.set_object_name(id, name);
    }
    known_as_.store(run | id, std::memory_order_release);
  }
  if (is_announced) {
    thread.record_with_payload(trace::Kind::object_name, id, 0, static_cast<std::uint32_t>(type_),
                               name);
  }
  return id;
}

}  // namespace weft::runtime
