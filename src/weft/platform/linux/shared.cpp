#include "weft/platform/shared.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "weft/errors.h"
#include "weft/platform/linux/descriptor.h"
#include "weft/platform/linux/shared_memory.h"
#include "weft/platform/process_table.h"
#include "weft/platform/sanitizers.h"

#if WEFT_TSAN
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace weft::platform::shared {
namespace {

std::byte* memory = nullptr;
std::uint32_t memory_size = 0;
int memory_file = -1;
FileIdentity memory_identity;

/// ThreadSanitizer sees one process. Two threads of it that access the same bytes, ordered by
/// happens-before only through a thread of another process, look like a data race to it.
class NotForThreadSanitizer {
 public:
#if WEFT_TSAN
  NotForThreadSanitizer() noexcept {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~NotForThreadSanitizer() {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
#else
  NotForThreadSanitizer() noexcept {}
  ~NotForThreadSanitizer() {}
#endif
  NotForThreadSanitizer(const NotForThreadSanitizer&) = delete;
  NotForThreadSanitizer& operator=(const NotForThreadSanitizer&) = delete;
};

std::uint32_t* address(Offset word) noexcept {
  return reinterpret_cast<std::uint32_t*>(memory + word);
}

std::atomic_ref<std::uint32_t> at(Offset word) noexcept {
  return std::atomic_ref<std::uint32_t>(*address(word));
}

// Not FUTEX_PRIVATE as in futex.cpp: the waiters are in several processes.
long futex(Offset word, int operation, std::uint32_t value, const timespec* timeout) noexcept {
  return syscall(SYS_futex, address(word), operation, value, timeout, nullptr, 0);
}

bool map(int descriptor, std::uint32_t bytes) noexcept {
  void* const mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (mapped == MAP_FAILED) return false;
  memory = static_cast<std::byte*>(mapped);
  memory_size = bytes;
  memory_file = descriptor;
  memory_identity = FileIdentity(descriptor);
  return true;
}

[[noreturn]] void refuse(const char* what) {
  throw RuntimeError(std::string("no shared memory: ") + what + ": " + std::strerror(errno));
}

}  // namespace

void create(std::uint32_t bytes) {
  const int descriptor = not_standard(memfd_create("weft", MFD_CLOEXEC));
  if (descriptor < 0) refuse("memfd_create");
  if (ftruncate(descriptor, bytes) != 0 || !map(descriptor, bytes)) {
    close(descriptor);
    refuse("mmap");
  }
  namespace header = process_table::header;
  store(header::kMagic, process_table::kMagic);
  store(header::kVersion, process_table::kVersion);
  store(header::kSize, bytes);
}

bool attach(int descriptor) noexcept {
  namespace header = process_table::header;
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || status.st_size < process_table::kEnd) return false;
  if (!map(descriptor, static_cast<std::uint32_t>(status.st_size))) return false;
  return load(header::kMagic) == process_table::kMagic &&
         load(header::kVersion) == process_table::kVersion;
}

int file() noexcept { return memory_file; }
bool file_is_open() noexcept { return memory_identity.is_of(memory_file); }
bool attached() noexcept { return memory != nullptr; }
std::uint32_t size() noexcept { return memory_size; }

std::uint32_t load(Offset word) noexcept { return at(word).load(); }
void store(Offset word, std::uint32_t value) noexcept { at(word).store(value); }
std::uint32_t exchange(Offset word, std::uint32_t value) noexcept {
  return at(word).exchange(value);
}

std::uint32_t compare_exchange(Offset word, std::uint32_t expected,
                               std::uint32_t desired) noexcept {
  at(word).compare_exchange_strong(expected, desired);
  return expected;
}

std::uint32_t fetch_add(Offset word, std::uint32_t value) noexcept {
  return at(word).fetch_add(value);
}
std::uint32_t fetch_and(Offset word, std::uint32_t value) noexcept {
  return at(word).fetch_and(value);
}
std::uint32_t fetch_or(Offset word, std::uint32_t value) noexcept {
  return at(word).fetch_or(value);
}

void write(Offset to, const void* from, std::size_t bytes) noexcept {
  const NotForThreadSanitizer quiet;
  std::memcpy(memory + to, from, bytes);
}

void read(void* to, Offset from, std::size_t bytes) noexcept {
  const NotForThreadSanitizer quiet;
  std::memcpy(to, memory + from, bytes);
}

void fill_with_zeros(Offset from, std::size_t bytes) noexcept {
  const NotForThreadSanitizer quiet;
  std::memset(memory + from, 0, bytes);
}

bool wait(Offset word, std::uint32_t expected,
          std::optional<std::chrono::nanoseconds> timeout) noexcept {
  if (!timeout) {
    futex(word, FUTEX_WAIT, expected, nullptr);
    return true;
  }
  if (timeout->count() <= 0) return load(word) != expected;
  constexpr std::int64_t kSecond = 1'000'000'000;
  const timespec relative{static_cast<std::time_t>(timeout->count() / kSecond),
                          static_cast<long>(timeout->count() % kSecond)};
  return futex(word, FUTEX_WAIT, expected, &relative) == 0 || errno != ETIMEDOUT;
}

void wake(Offset word, std::uint32_t count) noexcept { futex(word, FUTEX_WAKE, count, nullptr); }

}  // namespace weft::platform::shared
