#pragma once

#include <cstddef>
#include <cstdint>

namespace weft::runtime {

/// What gets a name with a number if it was given none.
enum class Named : std::uint32_t { thread, executor };
inline constexpr std::size_t kNamedKinds = 2;

/// 1, 2, 3, … for each kind: within the caller's session, so that the names in one run are the same
/// each time; outside any, within the process.
std::uint32_t next_name_number(Named kind) noexcept;

}  // namespace weft::runtime
