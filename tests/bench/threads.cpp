// Starting and joining a thread, against std::thread.
#include "measure.h"

#include <thread>

#include "weft/threading/thread.h"

int main() {
  using weft::bench::nanoseconds_each;
  constexpr int kCount = 300;
  int work = 0;
  const double standard = nanoseconds_each(kCount, [&](int count) {
    for (int i = 0; i < count; ++i) std::thread([&] { ++work; }).join();
  });
  const double ours = nanoseconds_each(kCount, [&](int count) {
    for (int i = 0; i < count; ++i) {
      weft::threading::Thread thread([&] { ++work; });
      thread.start();
      thread.join();
    }
  });
  weft::bench::keep(work);
  weft::bench::report("start+join, std::thread", standard / 1000, "us");
  weft::bench::report("start+join, weft::threading::Thread (warm)", ours / 1000, "us");
  weft::bench::report("ratio", standard / ours, "x");
}
