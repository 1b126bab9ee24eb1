#include "weft/multiprocessing/wait.h"

#include "weft/multiprocessing/kernel.h"
#include "weft/multiprocessing/layout.h"
#include "weft/runtime/park_shared.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

/// Says that somebody waits for one of several things: only then anybody tells of it. One that is
/// killed goes on being counted, and the others tell nobody.
class Waiting {
 public:
  Waiting() noexcept { add(1); }
  ~Waiting() { add(~std::uint32_t{0}); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  static void add(std::uint32_t count) noexcept {
    const shared::Access access;
    shared::fetch_add(layout::run::kWaiters, count);
  }
};

std::vector<std::size_t> ready_among(std::span<const Waitable> things) {
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (things[i].ready()) ready.push_back(i);
  }
  return ready;
}

}  // namespace

bool Sentinel::ready() const noexcept {
  namespace table = platform::process_table;
  const auto at = layout::slot_at(slot);
  // The number after the state: if it is still the same, so was the state this process's.
  const std::uint32_t state = shared::load(at + layout::slot::kState);
  return shared::load(at + layout::slot::kNumber) != number || state == table::kFree ||
         state == table::kReaped || state == table::kFailed;
}

std::vector<std::size_t> wait(std::span<const Waitable> things, runtime::Timeout timeout,
                              runtime::Where where) {
  open_kernel();
  const runtime::Deadline deadline = runtime::deadline_after(timeout);
  const Waiting waiting;
  for (;;) {
    const std::uint32_t seen = shared::load(layout::run::kReady);
    auto ready = ready_among(things);
    if (!ready.empty()) return ready;
    if (!runtime::park_shared(layout::run::kReady, seen, deadline,
                              {trace::Reason::process, nullptr, where, true})) {
      return ready_among(things);
    }
  }
}

std::vector<std::size_t> wait(std::initializer_list<Waitable> things, runtime::Timeout timeout,
                              runtime::Where where) {
  return wait(std::span(things.begin(), things.size()), timeout, where);
}

}  // namespace weft::multiprocessing
