#include "weft/multiprocessing/wait.h"

#include "weft/ipc/layout.h"
#include "weft/ipc/supervisor.h"
#include "weft/runtime/internal/park_shared.h"

namespace weft::multiprocessing {
namespace {

namespace layout = ipc::layout;
namespace shared = platform::shared;

/// Registers a thread in wait(): while the count is 0, announce_ready() does nothing. A process
/// that is killed in wait() stays counted, which only costs superfluous announcements.
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
  // Read the number after the state, as in a seqlock: if it is unchanged, so is the owner of the
  // slot, and the state was that of the process meant.
  const std::uint32_t state = shared::load(at + layout::slot::kState);
  return shared::load(at + layout::slot::kNumber) != number || state == table::kFree ||
         state == table::kReaped || state == table::kFailed;
}

std::vector<std::size_t> wait(std::span<const Waitable> things, runtime::Timeout timeout,
                              runtime::Where where) {
  ipc::open_supervisor();
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
