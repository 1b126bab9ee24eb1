#pragma once

#include <cstdint>
#include <vector>

namespace weft::demos::bounded_buffer {

/// A ring of slots for numbers. It neither waits nor asks whether there is room or anything in it:
/// that is its user's business. A user who puts into a full ring loses the oldest item; one who
/// takes from an empty ring gets what happens to lie there, and the next item put will never be found.
class Slots {
 public:
  /// What lies in a slot that was never used.
  static constexpr std::int64_t kNothing = -1;

  explicit Slots(std::int64_t capacity) : slots_(static_cast<std::size_t>(capacity), kNothing) {}

  void put(std::int64_t item) {
    slot(first_ + count_) = item;
    ++count_;
  }

  std::int64_t take() {
    const std::int64_t item = slot(first_);
    ++first_;
    --count_;
    return item;
  }

  /// Puts minus takes: negative, or above the capacity, after a mistake.
  std::int64_t count() const noexcept { return count_; }
  std::int64_t capacity() const noexcept { return static_cast<std::int64_t>(slots_.size()); }

 private:
  std::int64_t& slot(std::int64_t place) {
    const std::int64_t n = capacity();
    return slots_[static_cast<std::size_t>((place % n + n) % n)];
  }

  std::vector<std::int64_t> slots_;
  std::int64_t first_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace weft::demos::bounded_buffer
