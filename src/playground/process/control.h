#pragma once

#include <atomic>
#include <cstdint>

namespace weft::playground {

/// A 32-bit address in the process's memory on every platform, so that the layout below is the same
/// wherever it is compiled.
class Address {
 public:
  Address() = default;
  Address(const void* at) noexcept
      : value_(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(at))) {}

 private:
  [[maybe_unused]] std::uint32_t value_ = 0;  // read by the machine
};

/// The control block through which the machine (the page's host code) and a process communicate, in
/// the process's memory. Its layout is part of the C ABI: web/src/machine/control.ts reads it, at
/// offsets generated from this declaration (playground/format.h).
struct Control {
  static constexpr std::uint32_t kMagic = 0x54464557;  // "WEFT"
  static constexpr std::uint32_t kVersion = 3;

  enum State : std::uint32_t { kBooting = 0, kReady = 1, kRunning = 2, kEnded = 3 };

  std::uint32_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::atomic<std::uint32_t> state{kBooting};
  // Set by the machine. Bit 0: the mailbox is filled, start; the others: how many threads to pool before.
  std::atomic<std::uint32_t> go{0};
  std::atomic<std::uint32_t> stop{0};  // set by the machine: the process must end soon
  std::int32_t status = 0;             // valid in state kEnded
  Address directory;                   // of a trace::Directory
  Address mailbox;
  std::uint32_t mailbox_capacity = 0;
  std::uint32_t mailbox_length = 0;  // set by the machine before go
  double origin = 0;                 // set by the machine before go: ms since the Unix epoch
  std::uint32_t process = 1;         // set by the machine before go: number in the run
  Address begun;                     // of an atomic word: those of its threads whose worker runs
  Address workers;                   // of an atomic word: its threads, running or pooled
  std::uint32_t slot = 0;            // set by the machine before go: a child's slot; 0: not a child
};
static_assert(sizeof(Control) == 64);

}  // namespace weft::playground
