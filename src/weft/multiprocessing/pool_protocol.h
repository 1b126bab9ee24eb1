#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "weft/multiprocessing/archive.h"

/// What a pool and its workers send each other: a header, and then items, each with its length.
namespace weft::multiprocessing::pool_protocol {

/// A task: a function, and the arguments of one call of it or more.
struct TaskHeader {
  std::uint32_t job = 0;         ///< what of the pool's the results belong to
  std::uint32_t index = 0;       ///< … and where in it
  std::uint32_t calls = 0;
  std::uint32_t trace = 0;       ///< the task's number in the trace
  std::uint32_t name_bytes = 0;  ///< of the function's name, which follows
};

/// What came of it: of each call what it returned, or the exception of the first that threw one.
struct ResultHeader {
  std::uint32_t job = 0;  ///< or kInitialization
  std::uint32_t index = 0;
  std::uint32_t calls = 0;  ///< 0: it failed; one item follows, the exception's text
};

/// In a worker the initializer failed, and it ends.
inline constexpr std::uint32_t kInitialization = 0xffff'ffff;

template <class Header>
void write_header(Archive& archive, Header header) {
  archive.raw(&header, sizeof header);
}

/// Writes an item: `write(archive)` does it.
template <class Write>
void write_item(Archive& archive, Write write) {
  const std::size_t place = archive.bytes().size();
  std::uint32_t length = 0;
  archive.raw(&length, sizeof length);
  write(archive);
  length = static_cast<std::uint32_t>(archive.bytes().size() - place - sizeof length);
  std::memcpy(archive.bytes().data() + place, &length, sizeof length);
}

/// Takes a message apart. Throws SerialiseError if it is shorter than it says.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : left_(bytes) {}

  template <class Header>
  Header header() {
    Header header;
    const auto bytes = take(sizeof header);
    std::memcpy(&header, bytes.data(), sizeof header);
    return header;
  }
  std::span<const std::byte> take(std::size_t bytes) {
    if (bytes > left_.size()) throw SerialiseError("a message of a pool is incomplete");
    const auto taken = left_.first(bytes);
    left_ = left_.subspan(bytes);
    return taken;
  }
  std::span<const std::byte> item() { return take(header<std::uint32_t>()); }
  std::string text(std::size_t bytes) {
    const auto taken = take(bytes);
    return std::string(reinterpret_cast<const char*>(taken.data()), taken.size());
  }

 private:
  std::span<const std::byte> left_;
};

}  // namespace weft::multiprocessing::pool_protocol
