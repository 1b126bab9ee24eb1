#include "weft/multiprocessing/shared_memory.h"

#include <optional>

#include "weft/errors.h"
#include "weft/ipc/layout.h"
#include "weft/ipc/shared_object_view.h"
#include "weft/ipc/supervisor.h"

namespace weft::multiprocessing {
namespace {

namespace layout = ipc::layout;
namespace shared = platform::shared;
using shared::Offset;

// The header in front of the bytes; kLinked: 1 until unlink().
constexpr Offset kLinked = 0;
constexpr Offset kBytes = 64;

constexpr std::uint32_t kFirstProcess = 0;  // slot that owns the name's reference

// Finds the linked block of that name among those with a lower number.
std::optional<ipc::ObjectRef> find(std::string_view name, std::uint32_t below) {
  for (std::uint32_t index = 0; index < layout::kObjects; ++index) {
    const ipc::ObjectRef ref{index,
                             shared::load(layout::object_at(index) + layout::object::kGeneration)};
    if (ref.generation % 2 == 0 || ref.kind() != ipc::ObjectKind::segment) continue;
    if (ref.number() >= below || ref.name() != name) continue;
    if (shared::load(ref.data() + kLinked) != 0) return ref;
  }
  return std::nullopt;
}

constexpr std::uint32_t kAny = 0xffff'ffff;

}  // namespace

struct SharedMemory::State {
  explicit State(ipc::ObjectHandle held) : handle(std::move(held)), at(handle.ref().data()) {}

  ipc::ObjectHandle handle;
  const Offset at;
};

SharedMemory SharedMemory::create(std::size_t size, std::string_view name) {
  if (size == 0) throw ValueError("'size' must be a positive number different from zero");
  ipc::open_supervisor();
  const auto refuse = [name] {
    throw FileExistsError("there is a shared memory called " + std::string(name));
  };
  if (!name.empty() && find(name, kAny)) refuse();
  if (size > shared::size()) {
    throw RuntimeError("out of shared memory: 'size' is " + std::to_string(size) +
                       ", the run's shared memory has " + std::to_string(shared::size()) +
                       " bytes");
  }
  ipc::NewObject made =
      ipc::create_object(ipc::ObjectKind::segment, kBytes + static_cast<std::uint32_t>(size),
                         {.name = std::string(name)});
  {
    const shared::Access access;
    ipc::HandleTransfer::add(made.handles[0], kFirstProcess);
    shared::store(made.ref.data() + kLinked, 1);
  }
  SharedMemory memory(std::make_shared<State>(std::move(made.handles[0])));
  // Another process may have created one of that name concurrently: the older one wins.
  if (!name.empty() && find(name, made.ref.number())) {
    memory.unlink();
    refuse();
  }
  return memory;
}

SharedMemory SharedMemory::attach(std::string_view name) {
  ipc::open_supervisor();
  const auto ref = find(name, kAny);
  if (!ref) throw FileNotFoundError("there is no shared memory called " + std::string(name));
  ipc::ObjectHandle handle(*ref, 0);
  // The block may have been freed before the reference was added: check again.
  if (!ref->exists() || ref->kind() != ipc::ObjectKind::segment || ref->name() != name) {
    throw FileNotFoundError("there is no shared memory called " + std::string(name) + " any more");
  }
  return SharedMemory(std::make_shared<State>(std::move(handle)));
}

SharedMemory::State& SharedMemory::open() const {
  if (state_ == nullptr) throw ValueError("the shared memory is closed");
  return *state_;
}

std::string SharedMemory::name() const { return open().handle.ref().name(); }
std::size_t SharedMemory::size() const { return open().handle.ref().bytes() - kBytes; }

Offset SharedMemory::place(std::size_t from, std::size_t count) const {
  const std::size_t size = this->size();
  if (from > size || count > size - from) {
    throw IndexError("offset " + std::to_string(from) + " + " + std::to_string(count) +
                     " is beyond the end of the shared memory of " + std::to_string(size) +
                     " bytes");
  }
  return open().at + kBytes + static_cast<Offset>(from);
}

Offset SharedMemory::word(std::size_t at) const {
  if (at % 4 != 0) {
    throw ValueError("the offset of a word must be a multiple of 4, not " + std::to_string(at));
  }
  return place(at, 4);
}

void SharedMemory::read(std::size_t from, void* bytes, std::size_t count) const {
  shared::read(bytes, place(from, count), count);
}

void SharedMemory::write(std::size_t to, const void* bytes, std::size_t count) {
  const Offset at = place(to, count);
  const shared::Access access;
  shared::write(at, bytes, count);
}

std::uint32_t SharedMemory::load(std::size_t at) const { return shared::load(word(at)); }

void SharedMemory::store(std::size_t at, std::uint32_t value) {
  const Offset place = word(at);
  const shared::Access access;
  shared::store(place, value);
}

std::uint32_t SharedMemory::fetch_add(std::size_t at, std::uint32_t value) {
  const Offset place = word(at);
  const shared::Access access;
  return shared::fetch_add(place, value);
}

std::uint32_t SharedMemory::compare_exchange(std::size_t at, std::uint32_t expected,
                                             std::uint32_t desired) {
  const Offset place = word(at);
  const shared::Access access;
  return shared::compare_exchange(place, expected, desired);
}

void SharedMemory::close() noexcept { state_.reset(); }

void SharedMemory::unlink() {
  State& state = open();
  const shared::Access access;
  if (shared::exchange(state.at + kLinked, 0) == 0) {
    throw FileNotFoundError("the shared memory has been unlinked already");
  }
  ipc::HandleTransfer::drop(state.handle.ref(), 0, kFirstProcess);
}

void serialise(Archive& archive, SharedMemory& memory) {
  if (archive.reading()) {
    ipc::ObjectHandle handle;
    archive.handle(handle);
    ipc::expect_kind(handle, ipc::ObjectKind::segment);
    memory = SharedMemory(std::make_shared<SharedMemory::State>(std::move(handle)));
  } else {
    archive.handle(memory.open().handle);
  }
}

}  // namespace weft::multiprocessing
