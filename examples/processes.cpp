#include <cstdio>
#include <string>
#include <vector>

#include "weft/multiprocessing/child.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"

namespace mp = weft::multiprocessing;

struct Order {  // a type of one's own that can be sent
  std::string item;
  int pieces = 0;
};
void serialise(mp::Archive& archive, Order& order) { archive(order.item, order.pieces); }

// What a process runs is found by its name, as the child is the same program, run anew.
const mp::Entry square("square", [](int x) { return x * x; });
const mp::Entry clerk("clerk", [](mp::Queue<Order> orders) {
  orders.put({"tea", 3});
  throw weft::SystemExit{7};
});
const mp::Entry endless("endless", [] {
  for (volatile bool forever = true; forever;) {
  }
});

int main() {
  mp::freeze_support();  // the first line: in a child, its part is run here

  mp::Queue<Order> orders;
  mp::Process seller(clerk, orders);
  seller.start();
  const Order order = orders.get();
  seller.join();
  std::printf("%d × %s, exit code %d\n", order.pieces, order.item.c_str(), *seller.exitcode());

  mp::Pool pool(2);
  for (int n : pool.map(square, std::vector{1, 2, 3})) std::printf("%d\n", n);

  mp::Process busy(endless);
  busy.start();
  busy.kill();
  busy.join();
  std::printf("killed: %d\n", *busy.exitcode());
}
