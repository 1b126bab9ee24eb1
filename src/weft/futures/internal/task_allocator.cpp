#include "weft/futures/internal/task_allocator.h"

#include <memory>
#include <new>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/platform/sanitizers.h"

namespace weft::futures {
namespace {

constexpr std::size_t kSizeStep = 32;    // bytes from one size class to the next
constexpr std::size_t kSizeClasses = 4;  // number of size classes; larger tasks use operator new

// Upper bound of the depot's free memory, in bytes.
#ifdef __EMSCRIPTEN__
constexpr std::size_t kMaxKept = 8U << 20;  // an eighth of the fixed memory of 64 MiB
#else
constexpr std::size_t kMaxKept = 32U << 20;
#endif

#if WEFT_ASAN
constexpr bool kCached = false;  // so that AddressSanitizer detects uses after free
#else
constexpr bool kCached = true;
#endif

/// Free nodes of one size class. An array of pointers instead of an intrusive free list: an
/// allocation does not read the node, whose cache line another core may own.
struct Magazine {
  static constexpr std::size_t kCapacity = 62;  // so that a magazine has 512 bytes on 64 bits

  std::size_t count = 0;
  Magazine* next = nullptr;
  void* nodes[kCapacity];
};

constexpr std::size_t bytes_of(std::size_t index) { return (index + 1) * kSizeStep; }

void free_all(Magazine* magazine) noexcept {
  while (magazine->count > 0) ::operator delete(magazine->nodes[--magazine->count]);
  delete magazine;
}

/// The shared store of magazines that are not empty. Never destroyed: threads may end after main().
class Depot {
 public:
  Magazine* take(std::size_t index) noexcept {
    const platform::LockGuard guard(mutex_);
    Magazine* const magazine = full_[index];
    if (magazine == nullptr) return nullptr;
    full_[index] = magazine->next;
    kept_ -= magazine->count * bytes_of(index);
    return magazine;
  }

  void put(std::size_t index, Magazine* magazine) noexcept {
    const std::size_t bytes = magazine->count * bytes_of(index);
    if (bytes > 0) {
      const platform::LockGuard guard(mutex_);
      if (kept_ + bytes <= kMaxKept) {
        kept_ += bytes;
        magazine->next = std::exchange(full_[index], magazine);
        return;
      }
    }
    free_all(magazine);
  }

 private:
  platform::Mutex mutex_;
  std::size_t kept_ WEFT_GUARDED_BY(mutex_) = 0;  // bytes
  Magazine* full_[kSizeClasses] WEFT_GUARDED_BY(mutex_) = {};
};

Depot& depot() noexcept {
  static auto* const depot = new Depot;
  return *depot;
}

/// A thread's two magazines of one size class. With two, alternate allocations and frees at a
/// magazine boundary do not go to the depot each time.
struct Cache {
  Magazine* open = nullptr;
  Magazine* other = nullptr;  // full or empty

  void* take(std::size_t index) {
    if ((open == nullptr || open->count == 0) && !refill(index)) return nullptr;
    void* const node = open->nodes[--open->count];
    // Prefetches, for writing, a node of a later allocation: another core may own its cache line.
    if (open->count >= kAhead) __builtin_prefetch(open->nodes[open->count - kAhead], 1);
    return node;
  }

  /// False if there is no memory for a magazine.
  bool put(std::size_t index, void* node) noexcept {
    if (open == nullptr || open->count == Magazine::kCapacity) {
      if (!make_room(index)) return false;
    }
    open->nodes[open->count++] = node;
    return true;
  }

 private:
  static constexpr std::size_t kAhead = 4;

  bool refill(std::size_t index) noexcept {
    if (other == nullptr || other->count == 0) {
      Magazine* const full = depot().take(index);
      if (full == nullptr) return false;
      delete std::exchange(other, full);
    }
    std::swap(open, other);
    return true;
  }

  bool make_room(std::size_t index) noexcept {
    if (open != nullptr && other != nullptr && other->count > 0) {
      depot().put(index, std::exchange(other, nullptr));
    }
    if (other == nullptr) other = new (std::nothrow) Magazine;
    if (other == nullptr) return false;
    std::swap(open, other);
    return true;
  }
};

// Constant-initialized, so that access needs no check of a dynamic initialization.
constinit thread_local Cache caches[kSizeClasses] = {};
constinit thread_local bool is_open = false;
constinit thread_local bool has_ended = false;

struct CachesEnd {
  ~CachesEnd() {
    is_open = false;
    has_ended = true;
    for (std::size_t index = 0; index < kSizeClasses; ++index) {
      for (Magazine* magazine : {caches[index].open, caches[index].other}) {
        if (magazine != nullptr) depot().put(index, magazine);
      }
      caches[index] = {};
    }
  }
};

// Registers the thread-exit destructor. False during thread exit, and where caching is off.
bool open_caches() noexcept {
  if (has_ended || !kCached) return false;
  thread_local const CachesEnd at_end;
  return is_open = true;
}

constexpr std::size_t index_of(std::size_t size) { return (size - 1) / kSizeStep; }

}  // namespace

void* allocate_task(std::size_t size) {
  const std::size_t index = index_of(size);
  if (index >= kSizeClasses) return ::operator new(size);
  if (is_open || open_caches()) {
    if (void* const node = caches[index].take(index)) return node;
  }
  return ::operator new(bytes_of(index));
}

void deallocate_task(void* memory, std::size_t size) noexcept {
  const std::size_t index = index_of(size);
  if (index < kSizeClasses && (is_open || open_caches()) && caches[index].put(index, memory))
    return;
  ::operator delete(memory);
}

}  // namespace weft::futures
