#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "weft/trace/ring.h"

namespace weft::playground {

/// What the machine and a process say to each other, in the process's memory. The layout is part
/// of the C ABI: web/src/machine/control.ts reads it.
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
  trace::Directory* directory = nullptr;
  char* mailbox = nullptr;
  std::uint32_t mailbox_capacity = 0;
  std::uint32_t mailbox_length = 0;    // the machine, before go
  double origin = 0;                   // the machine, before go: ms since the Unix epoch
  std::uint32_t process = 1;           // the machine, before go
  std::uint32_t worker_limit = 0;
  const std::atomic<std::uint32_t>* workers = nullptr;  // how many it has made so far
  std::uint32_t slot = 0;  // the machine, before go: of a child in the process table; 0: no child
};
static_assert(sizeof(void*) != 4 ||
              (offsetof(Control, origin) == 40 && offsetof(Control, slot) == 60 && sizeof(Control) == 64));

}  // namespace weft::playground
