#pragma once

#include <cstdint>
#include <string_view>

#include "weft/runtime/point.h"
#include "weft/trace/kinds.h"

namespace weft::runtime {

/// For the length of a scope the calling thread is at a piece of work that views show under `name`, as what
/// it stands for: computing, or waiting for a device. Scopes may lie within each other. Costs two records.
///
/// Example:
///     const Working eating(trace::Work::computes, "eating");
class Working {
 public:
  Working(trace::Work stands_for, std::string_view name) {
    if (traced()) {
      note_unordered(trace::Kind::work_begin, static_cast<std::uint64_t>(stands_for), intern(name));
    }
  }
  ~Working() { note_unordered(trace::Kind::work_end, 0); }
  Working(const Working&) = delete;
  Working& operator=(const Working&) = delete;
};

}  // namespace weft::runtime
