#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "weft/errors.h"

namespace weft::multiprocessing {

/// A process died while it held what the caller wants: a lock, a permit of a semaphore. What it was to
/// guard may be half done. Python hangs here.
struct AbandonedError : RuntimeError {
  AbandonedError(const std::string& object, std::uint32_t process)
      : RuntimeError("process " + std::to_string(process) + " died holding " + object),
        process_number(process) {}

  std::uint32_t process_number;  ///< which process, by its number in the run
};

/// A message is longer than the buffer that it was to be received into; the error has it.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.BufferTooShort
struct BufferTooShort : RuntimeError {
  explicit BufferTooShort(std::vector<std::byte> whole)
      : RuntimeError("the message has " + std::to_string(whole.size()) +
                     " bytes: more than the buffer"),
        message(std::move(whole)) {}

  std::vector<std::byte> message;
};

}  // namespace weft::multiprocessing
