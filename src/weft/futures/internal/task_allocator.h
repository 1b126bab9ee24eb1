#pragma once

#include <cstddef>

/// A size-class allocator for tasks, which are allocated and freed at high rates, in few sizes, and
/// often freed by another thread than the one that allocated them. Per-thread magazines above a
/// shared depot, as in Bonwick and Adams, "Magazines and Vmem" (2001).
namespace weft::futures {

/// Returns at least `size` bytes with default alignment: from the calling thread's magazines, else
/// from the depot, else from operator new. Throws std::bad_alloc.
void* allocate_task(std::size_t size);

/// Frees memory of allocate_task(`size`). Callable by any thread.
void deallocate_task(void* memory, std::size_t size) noexcept;

}  // namespace weft::futures
