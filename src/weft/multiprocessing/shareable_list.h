#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "weft/multiprocessing/serialise.h"
#include "weft/multiprocessing/shared_memory.h"

namespace weft::multiprocessing {

/// A list of fixed length in a named block of shared memory, of elements of different types. Any
/// process of the run can attach to it by its name; copies, also those sent to another process,
/// refer to the same list.
/// Python: https://docs.python.org/3/library/multiprocessing.shared_memory.html#multiprocessing.shared_memory.ShareableList
///
/// An element may be replaced by one of another type, but a string or bytes only by what is no
/// longer than the room that its first value got: its length rounded up to a multiple of 8, and at
/// least 8. Strings and bytes may end with zeros (Python's lose them). Negative indices count from
/// the end.
///
/// Access is not synchronised: a get() during a set() of the same element, in another process, may
/// see part of either. Hold a lock across what has to be seen together.
///
/// Example:
///     ShareableList list({7, 1.5, "tea", true}, "order");
///     // in another process
///     ShareableList same = ShareableList::attach("order");
///     same.set(0, 8);
///     std::get<std::string>(same.get(2));   // "tea"
class ShareableList {
 public:
  /// None (a monostate), a bool, a whole number, a number, a string, or bytes.
  using Item = std::variant<std::monostate, bool, std::int64_t, double, std::string, Bytes>;

  /// Refers to no list.
  ShareableList() = default;
  /// Creates a list of these elements. An empty `name` is replaced by "SharedMemory-N". Throws
  /// FileExistsError if the name is taken, RuntimeError if the shared memory is exhausted.
  explicit ShareableList(const std::vector<Item>& items, std::string_view name = {});
  /// Attaches to the list of that name. Throws FileNotFoundError if there is none, ValueError if the
  /// block of that name is no list.
  static ShareableList attach(std::string_view name);

  /// A copy of the element. Throws IndexError if the index is out of range.
  Item get(std::int64_t index) const;
  /// Throws IndexError if the index is out of range, ValueError for a string or bytes that find no
  /// room there; then the element is unchanged.
  void set(std::int64_t index, const Item& item);

  std::size_t size() const;
  /// Copies of all elements, one after another. Python: list(a_list)
  std::vector<Item> items() const;
  /// How many elements are equal to the item, in type and value. (In Python 1 == 1.0 == True.)
  std::size_t count(const Item& item) const;
  /// The index of the first of them. Throws ValueError if there is none.
  std::int64_t index(const Item& item) const;

  /// The block: to be closed and unlinked as such. Python: shm
  SharedMemory& shm() noexcept { return memory_; }

  friend void serialise(Archive& archive, ShareableList& list) { archive(list.memory_); }

 private:
  explicit ShareableList(SharedMemory memory) : memory_(std::move(memory)) {}
  struct Place;
  Place place(std::int64_t index) const;

  SharedMemory memory_;
};

}  // namespace weft::multiprocessing
