#pragma once

#include <cstdint>
#include <optional>

#include "weft/runtime/time.h"

namespace weft::futures {

/// The keyword arguments of Python's Executor.map. C++ has none; their like is
/// `{.timeout = 1s, .buffersize = 8}`.
///
/// Example:
///     ThreadPoolExecutor pool(2);
///     const auto square = [](int n) { return n * n; };
///     for (const int result : pool.map(square, std::vector{1, 2}, {.timeout = 60s})) use(result);
struct MapOptions {
  /// How long the results may take, from the call of map(). None: for ever.
  runtime::Timeout timeout = std::nullopt;
  /// The most tasks that are submitted and whose results have not been taken: at least 1. None: all
  /// are submitted at once.
  std::optional<std::int64_t> buffersize = std::nullopt;
};

}  // namespace weft::futures
