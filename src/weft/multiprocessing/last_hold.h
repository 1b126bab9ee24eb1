#pragma once

#include "weft/multiprocessing/object_table.h"

namespace weft::multiprocessing {

/// True if there is no handle on the object in that hold's role but the hold itself. The kernel tells
/// when the last handle of a role went, a moment later; whoever gives back the last one can tell at once.
bool is_last(const Hold& hold) noexcept;

}  // namespace weft::multiprocessing
