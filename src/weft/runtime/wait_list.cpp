#include "weft/runtime/wait_list.h"

#include <cstdio>
#include <cstdlib>

#include "weft/runtime/point.h"
#include "weft/runtime/process_end.h"

namespace weft::runtime {

void WaitList::destroyed_while_waited_for() noexcept {
  // Daemons may be waiting when the process ends, for what it destroys then: they go no further.
  if (process_ends()) return;
  constexpr const char* kText = "what a thread waits for was destroyed: the program ends";
  note_payload(trace::Kind::error, 0, 0, 0, kText);
  std::fprintf(stderr, "weft: %s\n", kText);
  std::abort();
}

}  // namespace weft::runtime
