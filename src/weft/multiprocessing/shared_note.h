#pragma once

#include <cstdint>

#include "weft/platform/shared.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {

/// The record of an operation on an object that several processes share. Its place in the object's order
/// is taken at the operation, while nobody else can do what it tells of; it is written afterwards, as
/// that may wait for whoever reads the trace, and nobody may sleep with an Access.
class SharedNote {
 public:
  /// Of what is not recorded.
  SharedNote() = default;
  explicit SharedNote(runtime::Object& object) noexcept : object_(&object) {
    // Announces the object, which is a record of its own.
    if (runtime::traced() && object.recorded()) [[unlikely]] traced_ = object.id(*runtime::plugged);
  }
  SharedNote(const SharedNote&) = delete;
  SharedNote& operator=(const SharedNote&) = delete;

  /// Adds to that word of the shared memory, too, whether the operation is traced or not.
  void count_in(platform::shared::Offset word, std::uint32_t change = 1) noexcept {
    counter_ = word;
    change_ = change;
  }

  /// A message that is received becomes work, which that word counts: twice, and 1 more while the message is
  /// about to leave its place in the ring, which `place` tells. So whoever finds the words of a process that
  /// was killed knows what it had.
  void count_work(platform::shared::Offset word, platform::shared::Offset place) noexcept {
    work_ = word;
    place_ = place;
  }
  /// With an Access and the ring's read lock: just before the message leaves that place, and just after.
  void begin_to_take(std::uint32_t place) noexcept {
    if (work_ == 0) return;
    platform::shared::store(place_, place);
    platform::shared::fetch_add(work_, 3);
  }
  void has_taken() noexcept { add_work(~std::uint32_t{0}); }
  /// The beginning that was taken was that of no whole message.
  void took_nothing() noexcept { add_work(~std::uint32_t{1}); }

  /// With an Access, just before the operation.
  void take_place() noexcept {
    if (counter_ != 0) platform::shared::fetch_add(counter_, change_);
    if (traced_ == 0) return;
    time_ = runtime::plugged->stamp(runtime::ThreadState::Stamp::coarse);
    sequence_ = object_->next_sequence();
  }

  /// True if there is something to write.
  bool taken() const noexcept { return sequence_ != 0; }
  /// Does nothing unless the place was taken.
  void write(trace::Kind kind, std::uint64_t argument = 0, std::uint32_t detail = 0) noexcept {
    if (sequence_ == 0) return;
    runtime::plugged->note_at(time_, sequence_, kind, *object_, argument, detail);
    sequence_ = 0;
  }

 private:
  void add_work(std::uint32_t change) noexcept {
    if (work_ != 0) platform::shared::fetch_add(work_, change);
  }

  runtime::Object* object_ = nullptr;
  std::uint32_t traced_ = 0;  // the object's number in the trace; 0: not traced
  std::uint32_t sequence_ = 0;
  platform::shared::Offset counter_ = 0;  // 0: none
  std::uint32_t change_ = 1;
  platform::shared::Offset work_ = 0;  // 0: none
  platform::shared::Offset place_ = 0;
  std::uint64_t time_ = 0;
};

}  // namespace weft::multiprocessing
