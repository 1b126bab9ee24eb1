#include <cstdio>
#include <vector>

#include "weft/futures/thread_pool_executor.h"
#include "weft/queue/queue.h"
#include "weft/threading/thread.h"

int main() {
  weft::queue::Queue<int> squares(2);  // put() blocks while two items wait
  weft::threading::Thread producer([&] {
    weft::futures::ThreadPoolExecutor pool(4);
    for (int n : pool.map([](int x) { return x * x; }, std::vector{1, 2, 3})) squares.put(n);
    squares.shutdown();
  });
  producer.start();
  try {
    for (;;) std::printf("%d\n", squares.get());
  } catch (const weft::queue::ShutDown&) {
    producer.join();
  }
}
