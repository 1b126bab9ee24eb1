#include "weft/ipc/last_handle.h"

#include <array>
#include <numeric>

#include "weft/ipc/layout.h"
#include "weft/platform/shared.h"

namespace weft::ipc {

namespace shared = platform::shared;

bool is_last(const ObjectHandle& handle) noexcept {
  const std::uint32_t index = handle.ref().index;
  const shared::Offset changes = layout::object_at(index) + layout::object::kChanges;
  // A double-collect snapshot: see drop_reference in object_table.cpp.
  for (;;) {
    const std::uint32_t before = shared::load(changes);
    std::array<std::uint32_t, layout::object::kHolders> counts;
    shared::read(counts.data(), layout::handle_count_at(index, handle.role(), 0), sizeof counts);
    if (shared::load(changes) == before) {
      return std::accumulate(counts.begin(), counts.end(), 0u) == 1;
    }
  }
}

}  // namespace weft::ipc
