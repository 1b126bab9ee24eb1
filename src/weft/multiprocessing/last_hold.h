#pragma once

#include "weft/multiprocessing/object_table.h"

namespace weft::multiprocessing {

/// True if `hold` is the last reference to its object in its role, in a consistent snapshot. The
/// kernel detects the drop of the last reference too (Behaviour::held_no_more), but
/// asynchronously; the dropping thread uses this to notify the other side at once.
bool is_last(const Hold& hold) noexcept;

}  // namespace weft::multiprocessing
