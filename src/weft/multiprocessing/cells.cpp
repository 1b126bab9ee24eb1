#include "weft/multiprocessing/cells.h"

#include <algorithm>
#include <cstring>

#include "weft/errors.h"
#include "weft/multiprocessing/kernel.h"
#include "weft/multiprocessing/shared_note.h"
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

Hold Cells::make(const void* bytes, std::size_t size, std::string_view name) {
  open_kernel();
  if (size > shared::size()) throw RuntimeError("there is not so much memory that processes share");
  NewObject made = create_object(ObjectKind::value, static_cast<std::uint32_t>(size), name);
  const shared::Access access;
  if (size != 0) shared::write(made.ref.data(), bytes, size);
  return std::move(made.holds[0]);
}

void Cells::read(std::size_t from, void* bytes, std::size_t count) {
  runtime::point(trace::Kind::shared_load, object);
  SharedNote note(object);
  const auto place = at + static_cast<shared::Offset>(from);
  {
    const shared::Access access;
    note.take_place();
    if (is_word(place, count)) {
      const std::uint32_t word = shared::load(place);
      std::memcpy(bytes, &word, sizeof word);
    } else {
      shared::read(bytes, place, count);
    }
  }
  note.write(trace::Kind::shared_load, first_bytes(bytes, count));
}

void Cells::write(std::size_t to, const void* bytes, std::size_t count) {
  runtime::point(trace::Kind::shared_store, object);
  SharedNote note(object);
  const auto place = at + static_cast<shared::Offset>(to);
  {
    const shared::Access access;
    note.take_place();
    if (is_word(place, count)) {
      std::uint32_t word = 0;
      std::memcpy(&word, bytes, sizeof word);
      shared::store(place, word);
    } else {
      shared::write(place, bytes, count);
    }
  }
  note.write(trace::Kind::shared_store, first_bytes(bytes, count));
}

}  // namespace weft::multiprocessing
