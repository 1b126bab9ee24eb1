#include "weft/multiprocessing/last_hold.h"

#include <array>
#include <numeric>

#include "weft/multiprocessing/layout.h"
#include "weft/platform/shared.h"

namespace weft::multiprocessing {

namespace shared = platform::shared;

bool is_last(const Hold& hold) noexcept {
  const std::uint32_t index = hold.ref().index;
  const shared::Offset changes = layout::object_at(index) + layout::object::kChanges;
  // A double-collect snapshot: see give_back in object_table.cpp.
  for (;;) {
    const std::uint32_t before = shared::load(changes);
    std::array<std::uint32_t, layout::object::kHolders> holds;
    shared::read(holds.data(), layout::hold_at(index, hold.role(), 0), sizeof holds);
    if (shared::load(changes) == before) {
      return std::accumulate(holds.begin(), holds.end(), 0u) == 1;
    }
  }
}

}  // namespace weft::multiprocessing
