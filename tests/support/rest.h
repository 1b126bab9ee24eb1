#pragma once

#include <chrono>

#include "weft/runtime/park.h"

namespace weft::test {

/// For threads of a recording that take turns until somebody stops them: that one may come late, on a
/// machine that has much to do, and there is no room for all that they would do until then.
inline void rest_after(int turns) {
  constexpr int kMany = 2'000;
  if (turns > kMany) runtime::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace weft::test
