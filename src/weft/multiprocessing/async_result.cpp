#include "weft/multiprocessing/async_result.h"

#include "weft/runtime/park.h"

namespace weft::multiprocessing {

void Completion::complete() noexcept {
  done_.store(1, std::memory_order_release);
  runtime::wake(done_);
}

bool Completion::wait(const runtime::Deadline& deadline, runtime::Where where,
                      runtime::Stoppable stoppable) {
  while (!done()) {
    if (!runtime::park(done_, 0, deadline, {trace::Reason::pool, nullptr, where, true},
                       stoppable)) {
      return done();
    }
  }
  return true;
}

}  // namespace weft::multiprocessing
