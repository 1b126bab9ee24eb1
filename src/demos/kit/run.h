#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "demos/kit/declared.h"
#include "demos/kit/part.h"
#include "weft/platform/mutex.h"

namespace weft::demos {

/// What a running demo can tell those who watch. Everything goes into the trace and nowhere else.
/// Every call is safe from every thread of the run.
class Run {
 public:
  /// One line on the console: the parts with a space between them, as Python's print.
  template <class... Parts>
  void print(const Parts&... parts) {
    print_line({Part(parts)...});
  }

  /// The value of one of the demo's results.
  void result(const Result& result, Part value);

  /// One more value of one of the demo's samples.
  void sample(const Sample& sample, Part value);

  /// One more row of one of the demo's tables: a cell for each of its columns.
  template <std::size_t columns, class... Cells>
  void row(const Table<columns>& table, const Cells&... cells) {
    static_assert(sizeof...(cells) == columns, "a row has a cell for each column of its table");
    add_row({Part(table.name()), Part(cells)...});
  }

  /// Says whether one of the demo's checks holds. A run with one that does not has failed.
  void check(const Check& check, bool holds);
  bool failed() const noexcept { return failed_.load(std::memory_order_relaxed); }

  void progress(std::uint32_t done, std::uint32_t total);

  /// A remark at this moment of the timeline.
  void mark(std::string_view text);

  /// Begins a picture of w × h pixels; returns its number.
  std::uint32_t image(std::string_view name, std::uint32_t width, std::uint32_t height);

  struct Rectangle {
    std::uint16_t x, y, width, height;
  };
  /// A part of a picture is finished: brightness 0 to 255, row by row. Views show whose work it is.
  void tile(std::uint32_t image, Rectangle where, const std::vector<std::uint8_t>& pixels);

 private:
  void print_line(std::initializer_list<Part> parts);
  void add_row(std::initializer_list<Part> cells);

  platform::Mutex console_;  // lines have the order of their sequence numbers
  std::uint32_t lines_ WEFT_GUARDED_BY(console_) = 0;
  std::atomic<std::uint32_t> images_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace weft::demos
