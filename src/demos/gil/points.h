#pragma once

#include <cstdint>

namespace weft::demos::gil {

inline constexpr std::int64_t kPointsInBlock = 1000;

/// Work for a processor: throws points at random into a square and counts those that lie within
/// the circle. Block `b` always has the same points, whoever computes it, so that the sum over all
/// blocks does not depend on how they were shared out. Each block passes a checkpoint, as each turn
/// of Python's bytecode loop does.
std::int64_t count_inside(std::int64_t first_block, std::int64_t end_block);

}  // namespace weft::demos::gil
