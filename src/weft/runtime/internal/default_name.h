#pragma once

#include <cstddef>
#include <cstdint>

namespace weft::runtime {

/// Kinds of objects that get a numbered default name.
enum class Named : std::uint32_t { thread, executor };
inline constexpr std::size_t kNamedKinds = 2;

/// The next number for a default name: 1, 2, 3, … for each kind. Counted per session, so that names
/// are the same in each run; outside any session, per process.
std::uint32_t next_name_number(Named kind) noexcept;

}  // namespace weft::runtime
