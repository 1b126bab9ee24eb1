#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "weft/runtime/park.h"
#include "weft/runtime/session.h"
#include "weft/threading/thread.h"
#include "weft/trace/trace.h"

namespace weft::bench {

/// A recording of the calling thread and those it starts, whose reader gives every slot back at
/// once.
class Recorded {
 public:
  Recorded() : trace_(directory_, stop_), reader_([this] { read(); }) {
    reader_.start();
    session_.emplace(runtime::Session::Options{&trace_, &stop_});
  }
  ~Recorded() {
    session_.reset();
    done_.store(true);
    reader_.join();
  }
  Recorded(const Recorded&) = delete;
  Recorded& operator=(const Recorded&) = delete;

 private:
  void read() {
    while (!done_.load()) {
      for (std::uint32_t i = 0; i < directory_.ring_count.load(); ++i) {
        trace::RecordRing& ring = *directory_.rings[i].load();
        ring.release(ring.unread().count);
      }
      runtime::sleep_for(std::chrono::microseconds(100));
    }
  }

  trace::Directory directory_;
  std::atomic<std::uint32_t> stop_{0};
  std::atomic<bool> done_{false};
  trace::Trace trace_;
  std::optional<runtime::Session> session_;
  threading::Thread reader_;
};

}  // namespace weft::bench
