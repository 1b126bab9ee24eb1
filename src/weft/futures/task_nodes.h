#pragma once

#include <cstddef>

/// Memory for tasks: they come and go by the million, most of them of the same few sizes, and often
/// die on another thread than they are made on.
namespace weft::futures {

/// At least `size` bytes, for any type without an alignment of its own. What was given back lately
/// is used again: first what the calling thread gave back itself, then what others did.
void* allocate_task(std::size_t size);

/// Gives them back: by any thread, with the same size.
void deallocate_task(void* memory, std::size_t size) noexcept;

}  // namespace weft::futures
