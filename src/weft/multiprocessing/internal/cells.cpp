#include "weft/multiprocessing/internal/cells.h"

#include <algorithm>
#include <cstring>

#include "weft/errors.h"
#include "weft/ipc/shared_record.h"
#include "weft/ipc/supervisor.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

// An aligned 32-bit word is accessed atomically.
bool is_word(shared::Offset at, std::size_t bytes) { return bytes == 4 && at % 4 == 0; }

std::uint64_t first_bytes(const void* bytes, std::size_t count) {
  std::uint64_t first = 0;
  std::memcpy(&first, bytes, std::min(count, sizeof first));
  return first;
}

}  // namespace

ipc::ObjectHandle Cells::make(const void* bytes, std::size_t size, const ObjectOptions& options) {
  ipc::open_supervisor();
  if (size > shared::size()) {
    throw RuntimeError("out of shared memory: the value has " + std::to_string(size) +
                       " bytes, the run's shared memory " + std::to_string(shared::size()));
  }
  ipc::NewObject made =
      ipc::create_object(ipc::ObjectKind::value, static_cast<std::uint32_t>(size), options);
  const shared::Access access;
  if (size != 0) shared::write(made.ref.data(), bytes, size);
  return std::move(made.handles[0]);
}

void Cells::read(std::size_t from, void* bytes, std::size_t count) {
  runtime::point(trace::Kind::shared_load, object);
  ipc::SharedRecord record(object);
  const auto place = at + static_cast<shared::Offset>(from);
  {
    const shared::Access access;
    record.assign_sequence();
    if (is_word(place, count)) {
      const std::uint32_t word = shared::load(place);
      std::memcpy(bytes, &word, sizeof word);
    } else {
      shared::read(bytes, place, count);
    }
  }
  record.write(trace::Kind::shared_load, first_bytes(bytes, count));
}

void Cells::write(std::size_t to, const void* bytes, std::size_t count) {
  runtime::point(trace::Kind::shared_store, object);
  ipc::SharedRecord record(object);
  const auto place = at + static_cast<shared::Offset>(to);
  {
    const shared::Access access;
    record.assign_sequence();
    if (is_word(place, count)) {
      std::uint32_t word = 0;
      std::memcpy(&word, bytes, sizeof word);
      shared::store(place, word);
    } else {
      shared::write(place, bytes, count);
    }
  }
  record.write(trace::Kind::shared_store, first_bytes(bytes, count));
}

}  // namespace weft::multiprocessing
