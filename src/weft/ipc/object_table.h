#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "weft/ipc/layout.h"
#include "weft/platform/shared.h"
#include "weft/runtime/object.h"

/// Shared objects and the reference counts on them.
///
/// An object is a block of shared memory with a kind, a name and a number in the trace. It has up
/// to two roles (a pipe: 0 reads, 1 writes; most objects have only role 0). For each role there is
/// a reference count per process. When the last reference of a role is gone, because it was
/// released or its process ended, the supervisor calls the kind's last_handle_dropped(); when no
/// role has a reference, it frees the object. Both happen asynchronously on the supervisor's thread
/// (see supervisor.h).
namespace weft::ipc {

/// The type of an object; selects its CleanupHooks.
enum class ObjectKind : std::uint32_t {
  none = 0,
  pipe = 1,
  queue = 2,
  lock = 3,
  rlock = 4,
  semaphore = 5,
  event = 6,
  condition = 7,
  barrier = 8,
  value = 9,
  segment = 10,
  pool = 11,
  manager = 12,
  test = 13,
};
inline constexpr std::uint32_t kObjectKinds = 14;

/// Identifies an object in any process of the run: an index and a generation, against ABA.
/// Copyable; not a reference, so it does not keep the object alive.
struct ObjectRef {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;  ///< odd while the object exists; 0: no object

  explicit operator bool() const noexcept { return generation != 0; }
  friend bool operator==(const ObjectRef&, const ObjectRef&) noexcept = default;

  /// Where its bytes begin; a multiple of 64.
  platform::shared::Offset data() const noexcept;
  std::uint32_t bytes() const noexcept;
  /// Its number in the trace, unique in the run.
  std::uint32_t number() const noexcept;
  /// The word that counts its trace records.
  platform::shared::Offset sequence_word() const noexcept;
  std::string name() const;
  Recorded recorded() const noexcept;
  ObjectKind kind() const noexcept;
  /// False once the object was freed.
  bool exists() const noexcept;
};

/// A process that has ended.
struct DeadProcess {
  std::uint32_t number = 0;
  std::uint32_t slot = 0;
  int exit_code = 0;    ///< negative: killed by a signal, or crashed
  bool abrupt = false;  ///< ended at an arbitrary point: killed, crashed or os_exit()
};

/// Cleanup callbacks of a kind of object. They run on the supervisor's thread, in the first
/// process, and must neither block nor throw. No thread of the process that is gone accesses the
/// object any more.
struct CleanupHooks {
  /// The last reference of the role is gone. Null: nothing to do.
  void (*last_handle_dropped)(ObjectRef object, std::uint32_t role) noexcept = nullptr;
  /// A process has ended, in whatever way; called for every object, whether or not the process had
  /// a reference. Its references are still counted.
  void (*process_died)(ObjectRef object, const DeadProcess& process) noexcept = nullptr;
};

/// Registers the callbacks of a kind; defined as a static object in the kind's source file.
class RegisterCleanupHooks {
 public:
  RegisterCleanupHooks(ObjectKind kind, CleanupHooks hooks) noexcept;
};
const CleanupHooks& cleanup_hooks_of(ObjectKind kind) noexcept;

/// RAII reference to an object in one role: copying increments the process's reference count, the
/// destructor decrements it and never blocks. Default-constructed and moved-from ones are empty.
class ObjectHandle {
 public:
  ObjectHandle() = default;
  ObjectHandle(const ObjectHandle& other) noexcept;
  ObjectHandle(ObjectHandle&& other) noexcept
      : ref_(std::exchange(other.ref_, {})), role_(other.role_) {}
  ObjectHandle& operator=(ObjectHandle other) noexcept {
    std::swap(ref_, other.ref_);
    std::swap(role_, other.role_);
    return *this;
  }
  ~ObjectHandle() { reset(); }

  /// Adds a reference. The process must already have one on the object, in any role.
  ObjectHandle(ObjectRef ref, std::uint32_t role) noexcept;

  explicit operator bool() const noexcept { return static_cast<bool>(ref_); }
  const ObjectRef& ref() const noexcept { return ref_; }
  std::uint32_t role() const noexcept { return role_; }
  void reset() noexcept;

 private:
  friend class HandleTransfer;
  ObjectRef ref_{};
  std::uint32_t role_ = 0;
};

/// Creates an object of that many bytes, zeroed. The calling process gets a reference for each of
/// its `roles`. The name is cut after 64 bytes; an empty one is replaced by the type's name and a
/// number unique in the run: "Queue-3". Whether it is recorded holds in every process. Blocks for
/// about 10 µs. Throws RuntimeError if shared memory is exhausted or unavailable.
struct NewObject {
  ObjectRef ref;
  ObjectHandle handles[layout::object::kRoles];
};
NewObject create_object(ObjectKind kind, std::uint32_t bytes, const ObjectOptions& options = {},
                        std::uint32_t roles = 1);

/// Transfers references between processes: see Archive.
class HandleTransfer {
 public:
  /// The pseudo-slot that owns the references inside messages not yet received.
  static constexpr std::uint32_t kTransit = platform::process_table::kSlots;

  /// Adds a reference on behalf of `holder`; the caller keeps its own.
  static void add(const ObjectHandle& from, std::uint32_t holder) noexcept;
  /// The caller takes over a reference that was given to `holder`.
  static ObjectHandle adopt(ObjectRef ref, std::uint32_t role, std::uint32_t holder) noexcept;
  /// Releases a reference that was given to `holder` and will never be taken.
  static void drop(ObjectRef ref, std::uint32_t role, std::uint32_t holder) noexcept;
};

/// Wakes the threads in wait() (see wait.h), if there are any. To be called by every waitable
/// object after it became ready.
void announce_ready() noexcept;

}  // namespace weft::ipc
