#include "weft/ipc/self.h"

#include "weft/ipc/layout.h"
#include "weft/platform/process.h"

namespace weft::ipc {

std::uint32_t own_slot() noexcept { return platform::own_slot().value_or(0); }

platform::shared::Offset own_slot_offset() noexcept { return layout::slot_at(own_slot()); }

std::uint32_t own_number() noexcept {
  if (own_slot() == 0) return 1;
  static const std::uint32_t number =
      platform::shared::load(own_slot_offset() + layout::slot::kNumber);
  return number;
}

}  // namespace weft::ipc
