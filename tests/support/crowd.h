#pragma once

#include <atomic>
#include <list>

#include "support/scale.h"
#include "support/scheduled.h"
#include "weft/threading/thread.h"

namespace weft::test {

/// Runs `body(number)` on more threads than there are processors, which begin together, and waits
/// for them. Returns how many there were.
template <class Body>
int crowd(Body body) {
  const int count = many_threads();
  std::atomic<int> here{0};
  std::list<threading::Thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      ++here;
      while (here < count) yield();
      body(i);
    });
    threads.back().start();
  }
  for (threading::Thread& thread : threads) thread.join();
  return count;
}

}  // namespace weft::test
