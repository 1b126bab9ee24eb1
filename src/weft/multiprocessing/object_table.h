#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "weft/multiprocessing/layout.h"
#include "weft/platform/shared.h"

/// The objects that processes share, and which process holds what of them.
///
/// An object is a piece of the shared memory with a kind, a name and a number in the trace. It has up
/// to two roles (a pipe: 0 reads, 1 writes; most have only role 0); each process counts, for each role,
/// the handles it has. When the last handle of a role is gone, closed or because its process ended, the
/// object's kind is told; when none is left of any role the object is gone. Both are done by the kernel
/// (see kernel.h), a moment later.
namespace weft::multiprocessing {

/// What an object is; its Behaviour is found by it.
enum class ObjectKind : std::uint32_t {
  none = 0, pipe = 1, queue = 2, lock = 3, rlock = 4, semaphore = 5, event = 6, condition = 7,
  barrier = 8, value = 9, segment = 10, pool = 11, manager = 12, test = 13,
};
inline constexpr std::uint32_t kObjectKinds = 14;

/// Names an object of the run, in any process. To be copied freely; it holds nothing.
struct ObjectRef {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;  ///< 0: no object

  explicit operator bool() const noexcept { return generation != 0; }
  friend bool operator==(const ObjectRef&, const ObjectRef&) noexcept = default;

  /// Where its bytes lie; a multiple of 64.
  platform::shared::Offset data() const noexcept;
  std::uint32_t bytes() const noexcept;
  /// Its number in the trace, which no other object of the run has or had.
  std::uint32_t number() const noexcept;
  /// The word that counts its records.
  platform::shared::Offset sequence_word() const noexcept;
  std::string name() const;
  ObjectKind kind() const noexcept;
  /// False once it is gone.
  bool exists() const noexcept;
};

/// A process that has ended.
struct DeadProcess {
  std::uint32_t number = 0;
  std::uint32_t slot = 0;
  int exit_code = 0;  ///< negative: a signal ended it, or it crashed
  bool abrupt = false;  ///< it was that, or os_exit(), in the middle of whatever it did
};

/// What is to be done when a process is gone. On the kernel's thread, in the first process: it must
/// neither wait nor throw. Nobody else of that process touches the object any more.
struct Behaviour {
  /// The last hold of the role went. Null: nothing.
  void (*held_no_more)(ObjectRef object, std::uint32_t role) noexcept = nullptr;
  /// A process has ended, however it came; it may have held the object or not: its holds are still
  /// counted.
  void (*process_died)(ObjectRef object, const DeadProcess& process) noexcept = nullptr;
};

/// By a static object in the source file of whatever has that kind.
class RegisterBehaviour {
 public:
  RegisterBehaviour(ObjectKind kind, Behaviour behaviour) noexcept;
};
const Behaviour& behaviour_of(ObjectKind kind) noexcept;

/// One handle on an object in one role. Counted; a copy is a further handle. The destructor gives it
/// back and never blocks. A default-constructed or moved-from one holds nothing.
class Hold {
 public:
  Hold() = default;
  Hold(const Hold& other) noexcept;
  Hold(Hold&& other) noexcept : ref_(std::exchange(other.ref_, {})), role_(other.role_) {}
  Hold& operator=(Hold other) noexcept {
    std::swap(ref_, other.ref_);
    std::swap(role_, other.role_);
    return *this;
  }
  ~Hold() { reset(); }

  /// A further handle on an object of which the process holds something already, in any role.
  Hold(ObjectRef ref, std::uint32_t role) noexcept;

  explicit operator bool() const noexcept { return static_cast<bool>(ref_); }
  const ObjectRef& ref() const noexcept { return ref_; }
  std::uint32_t role() const noexcept { return role_; }
  void reset() noexcept;

 private:
  friend class HoldTransfer;
  ObjectRef ref_{};
  std::uint32_t role_ = 0;
};

/// Makes an object of that many bytes, all 0. The caller's process holds each of its `roles`.
/// `name` is what views show, cut after 64 bytes; if it is empty, the type's name and a number of the
/// run's: "Queue-3". Blocks for some 10 µs. Throws RuntimeError if there is no room for it, or no
/// shared memory.
struct NewObject {
  ObjectRef ref;
  Hold holds[layout::object::kRoles];
};
NewObject create_object(ObjectKind kind, std::uint32_t bytes, std::string_view name,
                        std::uint32_t roles = 1);

/// Moves handles from process to process: see Archive.
class HoldTransfer {
 public:
  /// The slot of handles that lie in a message that nobody has received yet.
  static constexpr std::uint32_t kTransit = platform::process_table::kSlots;

  /// A further handle for that holder; the caller has one itself.
  static void give(const Hold& from, std::uint32_t holder) noexcept;
  /// The caller takes over a handle that was given to `holder`.
  static Hold take(ObjectRef ref, std::uint32_t role, std::uint32_t holder) noexcept;
  /// A handle that was given to `holder` will never be taken.
  static void drop(ObjectRef ref, std::uint32_t role, std::uint32_t holder) noexcept;
};

/// Wakes those who wait for one of several things (see wait.h), if there are any: to be called by
/// whatever can be waited for so, after it became ready.
void announce_ready() noexcept;

}  // namespace weft::multiprocessing
