#include "weft/threading/event.h"

#include "weft/runtime/park.h"
#include "weft/runtime/point.h"

namespace weft::threading {

void Event::set() {
  runtime::point(trace::Kind::event_set, object_);
  std::uint32_t word = word_.load(std::memory_order_relaxed);
  do {
    if ((word & kSet) != 0) return;
  } while (!word_.compare_exchange_weak(word, (word + kOneSet) | kSet, std::memory_order_release,
                                        std::memory_order_relaxed));
  runtime::note(trace::Kind::event_set, object_);
  runtime::wake(word_);
}

void Event::clear() {
  runtime::point(trace::Kind::event_clear, object_);
  if ((word_.fetch_and(~kSet, std::memory_order_acq_rel) & kSet) != 0) {
    runtime::note(trace::Kind::event_clear, object_);
  }
}

bool Event::wait(runtime::Timeout timeout) {
  runtime::point(trace::Kind::blocked, object_);
  const runtime::Deadline deadline = runtime::deadline_after(timeout);
  const std::uint32_t before = word_.load(std::memory_order_acquire);
  if ((before & kSet) != 0) return true;
  for (;;) {
    const bool in_time = runtime::park(word_, before, deadline, {trace::Reason::event, &object_});
    // Not set before, so any change of the word is a set().
    if (word_.load(std::memory_order_acquire) != before) return true;
    if (!in_time) return false;
  }
}

}  // namespace weft::threading
