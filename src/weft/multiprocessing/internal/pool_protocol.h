#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "weft/multiprocessing/archive.h"

/// The messages between a pool and its workers: a header, followed by length-prefixed items.
namespace weft::multiprocessing::pool_protocol {

/// A task: a function, and the arguments of one or more calls of it, one item per call.
struct TaskHeader {
  std::uint32_t job = 0;    ///< number of the job that it belongs to
  std::uint32_t index = 0;  ///< index of the task in the job
  std::uint32_t calls = 0;
  std::uint32_t trace = 0;       ///< number of the task in the trace; 0: not traced
  std::uint32_t name_bytes = 0;  ///< length of the function's name, which follows
};

/// The result of a task: one item per call, or the exception of the first call that threw.
struct ResultHeader {
  std::uint32_t job = 0;  ///< or kInitialization
  std::uint32_t index = 0;
  std::uint32_t calls = 0;  ///< 0: the task failed; one item follows, the exception's text
};

/// As the job's number: the initializer failed in a worker, which then ends.
inline constexpr std::uint32_t kInitialization = 0xffff'ffff;

template <class Header>
void write_header(Archive& archive, Header header) {
  archive.raw(&header, sizeof header);
}

/// Writes one length-prefixed item, whose body `write(archive)` writes.
template <class Write>
void write_item(Archive& archive, Write write) {
  const std::size_t place = archive.bytes().size();
  std::uint32_t length = 0;
  archive.raw(&length, sizeof length);
  write(archive);
  length = static_cast<std::uint32_t>(archive.bytes().size() - place - sizeof length);
  std::memcpy(archive.bytes().data() + place, &length, sizeof length);
}

/// Parses a message. Throws SerialiseError if it is truncated.
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
