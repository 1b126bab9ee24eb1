#pragma once

#include <atomic>
#include <cstdint>

namespace weft::playground {

/// An address in the process's memory. It has 32 bits everywhere, so that the layout below does not depend
/// on where it is compiled.
class Address {
 public:
  Address() = default;
  Address(const void* at) noexcept
      : value_(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(at))) {}

 private:
  [[maybe_unused]] std::uint32_t value_ = 0;  // the machine reads it
};

/// What the machine and a process say to each other, in the process's memory. The layout is part
/// of the C ABI: web/src/machine/control.ts reads it, at offsets generated from here (playground/format.h).
struct Control {
  static constexpr std::uint32_t kMagic = 0x54464557;  // "WEFT"
  static constexpr std::uint32_t kVersion = 2;

  enum State : std::uint32_t { kBooting = 0, kReady = 1, kRunning = 2, kEnded = 3 };

  std::uint32_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::atomic<std::uint32_t> state{kBooting};
  std::atomic<std::uint32_t> go{0};    // the machine: the mailbox is filled, begin
  std::atomic<std::uint32_t> stop{0};  // the machine: end as soon as you can
  std::int32_t status = 0;             // valid once ended
  Address directory;                   // of a trace::Directory
  Address mailbox;
  std::uint32_t mailbox_capacity = 0;
  std::uint32_t mailbox_length = 0;    // the machine, before go
  double origin = 0;                   // the machine, before go: ms since the Unix epoch
  std::uint32_t process = 1;           // the machine, before go
  std::uint32_t worker_limit = 0;
  Address workers;  // of an atomic word: how many it has made so far
  std::uint32_t slot = 0;  // the machine, before go: of a child in the process table; 0: no child
};
static_assert(sizeof(Control) == 64);

}  // namespace weft::playground
