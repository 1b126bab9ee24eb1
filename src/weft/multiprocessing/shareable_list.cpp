#include "weft/multiprocessing/shareable_list.h"

#include <algorithm>
#include <type_traits>

#include "weft/errors.h"

namespace weft::multiprocessing {

namespace {

// The block: the mark, the number of elements, for each element the offset of its room, and at the
// end that of what follows the last; then the rooms. A room: the type and the length of a value, in
// two words, and the value.
constexpr std::uint32_t kMark = 0x5765'4c31;
constexpr std::size_t kCount = 4;
constexpr std::size_t kOffsets = 8;
constexpr std::size_t kHeader = 8;

using Item = ShareableList::Item;

std::size_t size_of(const Item& item) {
  return std::visit(
      [](const auto& value) -> std::size_t {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>) {
          return value.size();
        } else {
          return 8;
        }
      },
      item);
}

std::size_t room_for(const Item& item) {
  return std::max<std::size_t>(8, (size_of(item) + 7) / 8 * 8);
}

}  // namespace

struct ShareableList::Place {
  std::size_t at = 0;
  std::size_t room = 0;  // bytes for the value
};

ShareableList::ShareableList(const std::vector<Item>& items, std::string_view name) {
  std::vector<std::uint32_t> head{kMark, static_cast<std::uint32_t>(items.size())};
  std::size_t end = kOffsets + 4 * (items.size() + 1);
  for (const Item& item : items) {
    head.push_back(static_cast<std::uint32_t>(end));
    end += kHeader + room_for(item);
  }
  head.push_back(static_cast<std::uint32_t>(end));
  memory_ = SharedMemory::create(end, name);
  memory_.write(4, head.data() + 1, 4 * (head.size() - 1));
  for (std::size_t i = 0; i < items.size(); ++i) set(static_cast<std::int64_t>(i), items[i]);
  memory_.store(0, head.front());  // the last: from now on it is a list
}

ShareableList ShareableList::attach(std::string_view name) {
  SharedMemory memory = SharedMemory::attach(name);
  if (memory.size() < kOffsets || memory.load(0) != kMark) {
    throw ValueError("the shared memory called " + std::string(name) + " is no ShareableList");
  }
  return ShareableList(std::move(memory));
}

std::size_t ShareableList::size() const { return memory_.load(kCount); }

ShareableList::Place ShareableList::place(std::int64_t index) const {
  const auto count = static_cast<std::int64_t>(size());
  if (index < 0) index += count;
  if (index < 0 || index >= count) throw IndexError("index out of range");
  const std::size_t at = kOffsets + 4 * static_cast<std::size_t>(index);
  const std::size_t begin = memory_.load(at);
  return {begin, memory_.load(at + 4) - begin - kHeader};
}

ShareableList::Item ShareableList::get(std::int64_t index) const {
  const Place found = place(index);
  std::uint32_t header[2];
  memory_.read(found.at, header, sizeof header);
  const std::size_t length = std::min<std::size_t>(header[1], found.room);
  const auto value = [&](auto made) {
    memory_.read(found.at + kHeader, &made, sizeof made);
    return made;
  };
  const auto bytes = [&](auto made) {
    made.resize(length);
    memory_.read(found.at + kHeader, made.data(), length);
    return made;
  };
  switch (header[0]) {
    case 1: return value(std::int64_t{0}) != 0;
    case 2: return value(std::int64_t{0});
    case 3: return value(0.0);
    case 4: return bytes(std::string());
    case 5: return bytes(Bytes());
    default: return std::monostate();
  }
}

void ShareableList::set(std::int64_t index, const Item& item) {
  const Place found = place(index);
  const std::size_t length = size_of(item);
  if (length > found.room) {
    throw ValueError("bytes/str item exceeds available storage: " + std::to_string(length) +
                     " bytes in " + std::to_string(found.room));
  }
  const std::uint32_t header[2] = {static_cast<std::uint32_t>(item.index()),
                                   static_cast<std::uint32_t>(length)};
  memory_.write(found.at, header, sizeof header);
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>) {
          memory_.write(found.at + kHeader, value.data(), value.size());
        } else if constexpr (std::is_same_v<T, double>) {
          memory_.write(found.at + kHeader, &value, sizeof value);
        } else if constexpr (!std::is_same_v<T, std::monostate>) {
          const auto whole = static_cast<std::int64_t>(value);
          memory_.write(found.at + kHeader, &whole, sizeof whole);
        }
      },
      item);
}

std::vector<ShareableList::Item> ShareableList::items() const {
  std::vector<Item> all;
  const auto count = static_cast<std::int64_t>(size());
  for (std::int64_t i = 0; i < count; ++i) all.push_back(get(i));
  return all;
}

std::size_t ShareableList::count(const Item& item) const {
  return static_cast<std::size_t>(std::ranges::count(items(), item));
}

std::int64_t ShareableList::index(const Item& item) const {
  const std::vector<Item> all = items();
  const auto found = std::ranges::find(all, item);
  if (found == all.end()) throw ValueError("the item is not in the list");
  return found - all.begin();
}

}  // namespace weft::multiprocessing
