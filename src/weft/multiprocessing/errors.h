#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "weft/errors.h"

namespace weft::multiprocessing {

/// Owner death, as EOWNERDEAD of a robust mutex: a process died while it held what the caller waits
/// for, for example a lock or a semaphore's permit. The data that it guards may be inconsistent.
/// Python blocks forever instead.
///
/// Example:
///     inline const Entry hold("AbandonedError.hold", [](Lock lock) {
///       lock.acquire();
///       os_exit(1);
///     });
///     Lock lock;
///     Process process(hold, lock);
///     process.start();
///     process.join();
///     lock.acquire();   // throws AbandonedError
struct AbandonedError : RuntimeError {
  AbandonedError(const std::string& object, std::uint32_t process)
      : RuntimeError("process " + std::to_string(process) + " died holding " + object),
        process_number(process) {}

  std::uint32_t process_number;  ///< which process, by its number in the run
};

/// A message is longer than the buffer passed to recv_bytes_into(). `message` holds it whole.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.BufferTooShort
///
/// Example:
///     auto [reader, writer] = Pipe(false);
///     std::array<std::byte, 8> message{};
///     writer.send_bytes(message);
///     reader.recv_bytes_into(std::span(message).first(4));   // throws BufferTooShort
struct BufferTooShort : RuntimeError {
  explicit BufferTooShort(std::vector<std::byte> whole)
      : RuntimeError("the message has " + std::to_string(whole.size()) +
                     " bytes: more than the buffer"),
        message(std::move(whole)) {}

  std::vector<std::byte> message;
};

}  // namespace weft::multiprocessing
