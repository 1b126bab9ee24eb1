#pragma once

#include <cstdint>
#include <string_view>

#include "weft/runtime/point.h"
#include "weft/trace/kinds.h"

namespace weft::runtime {

/// RAII: a span of simulated work, which views show under `name`: computing, or waiting for a
/// device. Scopes may nest. Costs two records.
///
/// Example:
///     const SimulatedWork eating(trace::Work::computes, "eating");
///     time::sleep(1ms);
class SimulatedWork {
 public:
  SimulatedWork(trace::Work stands_for, std::string_view name) {
    if (traced()) {
      record_unordered(trace::Kind::work_begin, static_cast<std::uint64_t>(stands_for),
                       intern(name));
    }
  }
  ~SimulatedWork() { record_unordered(trace::Kind::work_end, 0); }
  SimulatedWork(const SimulatedWork&) = delete;
  SimulatedWork& operator=(const SimulatedWork&) = delete;
};

}  // namespace weft::runtime
