#include "weft/ipc/object_table.h"

#include <algorithm>
#include <array>

#include "weft/errors.h"
#include "weft/ipc/self.h"
#include "weft/ipc/supervisor.h"
#include "weft/platform/futex.h"
#include "weft/platform/process.h"

namespace weft::ipc {
namespace {

namespace shared = platform::shared;
using layout::handle_count_at;
using layout::object_at;
using shared::Offset;

std::uint32_t word_of(ObjectRef ref, Offset word) noexcept {
  return shared::load(object_at(ref.index) + word);
}

std::array<CleanupHooks, kObjectKinds>& cleanup_hooks() noexcept {
  static std::array<CleanupHooks, kObjectKinds> all{};
  return all;
}

const char* default_name(ObjectKind kind) noexcept {
  switch (kind) {
    case ObjectKind::pipe: return "Pipe";
    case ObjectKind::queue: return "Queue";
    case ObjectKind::lock: return "Lock";
    case ObjectKind::rlock: return "RLock";
    case ObjectKind::semaphore: return "Semaphore";
    case ObjectKind::event: return "Event";
    case ObjectKind::condition: return "Condition";
    case ObjectKind::barrier: return "Barrier";
    case ObjectKind::value: return "Value";
    case ObjectKind::segment: return "SharedMemory";
    case ObjectKind::pool: return "Pool";
    case ObjectKind::manager: return "Manager";
    case ObjectKind::test:
    case ObjectKind::none: break;
  }
  return "Object";
}

void apply(ObjectRef ref, const ObjectOptions& options) {
  std::string name(options.name);
  if (name.empty())
    name = default_name(ref.kind()) + ("-" + std::to_string(ref.number() & 0x7fff'ffff));
  const auto length = std::min<std::size_t>(name.size(), layout::object::kMaxNameBytes);
  const Offset at = object_at(ref.index);
  const shared::Access access;
  shared::write(at + layout::object::kName, name.data(), length);
  shared::store(at + layout::object::kNameBytes, static_cast<std::uint32_t>(length));
  shared::store(at + layout::object::kUnrecorded, options.recorded == Recorded::no ? 1 : 0);
}

void add_reference(ObjectRef ref, std::uint32_t role, std::uint32_t holder) noexcept {
  const shared::Access access;
  shared::fetch_add(handle_count_at(ref.index, role, holder), 1);
}

// The supervisor reads an object's reference counts one by one and accepts them only if kChanges is
// the same before and after (a double-collect snapshot). If a reference moves to a slot that was
// already read, from one that reads as zero, then kChanges was incremented before that decrement:
// the supervisor sees the change and rescans. Hence the order here: kChanges first, then the count.
void drop_reference(ObjectRef ref, std::uint32_t role, std::uint32_t holder) noexcept {
  constexpr std::uint32_t kOneLess = ~std::uint32_t{0};
  bool was_the_last = false;
  {
    const shared::Access access;
    shared::fetch_add(object_at(ref.index) + layout::object::kChanges, 1);
    was_the_last = shared::fetch_add(handle_count_at(ref.index, role, holder), kOneLess) == 1;
    if (was_the_last) {
      shared::fetch_or(layout::run::kToPoll + ref.index / 32 * 4, 1U << (ref.index % 32));
    }
  }
  if (was_the_last) platform::notify_supervisor();
}

}  // namespace

Offset ObjectRef::data() const noexcept { return word_of(*this, layout::object::kData); }
std::uint32_t ObjectRef::bytes() const noexcept {
  return word_of(*this, layout::object::kDataBytes);
}
std::uint32_t ObjectRef::number() const noexcept { return word_of(*this, layout::object::kNumber); }
Offset ObjectRef::sequence_word() const noexcept {
  return object_at(index) + layout::object::kSequence;
}

std::string ObjectRef::name() const {
  std::string name(
      std::min(word_of(*this, layout::object::kNameBytes), layout::object::kMaxNameBytes), '\0');
  shared::read(name.data(), object_at(index) + layout::object::kName, name.size());
  return name;
}

Recorded ObjectRef::recorded() const noexcept {
  return word_of(*this, layout::object::kUnrecorded) != 0 ? Recorded::no : Recorded::yes;
}

ObjectKind ObjectRef::kind() const noexcept {
  return static_cast<ObjectKind>(word_of(*this, layout::object::kKind));
}

bool ObjectRef::exists() const noexcept {
  return generation != 0 && index < layout::kObjects &&
         word_of(*this, layout::object::kGeneration) == generation;
}

RegisterCleanupHooks::RegisterCleanupHooks(ObjectKind kind, CleanupHooks hooks) noexcept {
  cleanup_hooks()[static_cast<std::size_t>(kind)] = hooks;
}

const CleanupHooks& cleanup_hooks_of(ObjectKind kind) noexcept {
  return cleanup_hooks()[static_cast<std::size_t>(kind)];
}

ObjectHandle::ObjectHandle(const ObjectHandle& other) noexcept
    : ObjectHandle(other.ref_, other.role_) {}

ObjectHandle::ObjectHandle(ObjectRef ref, std::uint32_t role) noexcept : ref_(ref), role_(role) {
  if (ref_) add_reference(ref_, role_, own_slot());
}

void ObjectHandle::reset() noexcept {
  if (ref_) drop_reference(std::exchange(ref_, {}), role_, own_slot());
}

NewObject create_object(ObjectKind kind, std::uint32_t bytes, const ObjectOptions& options,
                        std::uint32_t roles) {
  open_supervisor();
  const auto index =
      ask_supervisor(Request::new_object, static_cast<std::uint32_t>(kind), bytes, roles);
  if (!index) {
    throw RuntimeError("out of shared memory: no room for a " + std::string(default_name(kind)) +
                       " of " + std::to_string(bytes) + " bytes, or all " +
                       std::to_string(layout::kObjects) + " objects are in use");
  }
  NewObject made{{*index, shared::load(object_at(*index) + layout::object::kGeneration)}, {}};
  apply(made.ref, options);
  // The supervisor has already counted these references.
  for (std::uint32_t role = 0; role < roles; ++role) {
    made.handles[role] = HandleTransfer::adopt(made.ref, role, own_slot());
  }
  return made;
}

void HandleTransfer::add(const ObjectHandle& from, std::uint32_t holder) noexcept {
  add_reference(from.ref(), from.role(), holder);
}

ObjectHandle HandleTransfer::adopt(ObjectRef ref, std::uint32_t role,
                                   std::uint32_t holder) noexcept {
  ObjectHandle taken;
  taken.ref_ = ref;
  taken.role_ = role;
  if (holder != own_slot()) {
    add_reference(ref, role, own_slot());
    drop_reference(ref, role, holder);
  }
  return taken;
}

void HandleTransfer::drop(ObjectRef ref, std::uint32_t role, std::uint32_t holder) noexcept {
  drop_reference(ref, role, holder);
}

void announce_ready() noexcept {
  if (shared::load(layout::run::kWaiters) == 0) return;
  shared::fetch_add(layout::run::kReady, 1);
  shared::wake(layout::run::kReady, platform::kAllWaiters);
}

}  // namespace weft::ipc
