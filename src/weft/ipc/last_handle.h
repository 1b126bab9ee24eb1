#pragma once

#include "weft/ipc/object_table.h"

namespace weft::ipc {

/// True if `handle` is the last reference to its object in its role, in a consistent snapshot. The
/// supervisor detects the drop of the last reference too (CleanupHooks::last_handle_dropped), but
/// asynchronously; the dropping thread uses this to notify the other side at once.
bool is_last(const ObjectHandle& handle) noexcept;

}  // namespace weft::ipc
