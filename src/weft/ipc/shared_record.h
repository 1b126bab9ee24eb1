#pragma once

#include <cstdint>

#include "weft/platform/shared.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"

namespace weft::ipc {

/// The trace record of an operation on a shared object, written in two steps. The sequence number
/// is taken at the linearization point, inside the critical section; the record is written after
/// it, because an Access and the ring's locks must be held briefly.
class SharedRecord {
 public:
  /// Records nothing.
  SharedRecord() = default;
  explicit SharedRecord(runtime::Object& object) noexcept : object_(&object) {
    // Announces the object first, which is a record of its own.
    if (runtime::traced() && object.recorded()) [[unlikely]]
      traced_ = object.id(*runtime::session_thread);
  }
  SharedRecord(const SharedRecord&) = delete;
  SharedRecord& operator=(const SharedRecord&) = delete;

  /// assign_sequence() also adds `change` to that word of the shared memory, whether traced or not.
  void count_in(platform::shared::Offset word, std::uint32_t change = 1) noexcept {
    counter_ = word;
    change_ = change;
  }

  /// Counts received messages as work in progress: `word` holds 2 per item, + 1 while an item is
  /// being removed from the ring position stored in `position`. After a kill the supervisor can
  /// tell from both words whether the process had received the item.
  void count_work(platform::shared::Offset word, platform::shared::Offset position) noexcept {
    work_ = word;
    position_ = position;
  }
  /// Bracket the store of the ring's head. The caller holds an Access and the read lock.
  void begin_take(std::uint32_t position) noexcept {
    if (work_ == 0) return;
    platform::shared::store(position_, position);
    platform::shared::fetch_add(work_, 3);
  }
  void end_take() noexcept { add_work(~std::uint32_t{0}); }
  /// Undoes the count: the fragments taken were not those of a complete message.
  void undo_take() noexcept { add_work(~std::uint32_t{1}); }

  /// Takes the sequence number, just before the operation takes effect. The caller holds an Access.
  void assign_sequence() noexcept {
    if (counter_ != 0) platform::shared::fetch_add(counter_, change_);
    if (traced_ == 0) return;
    time_ = runtime::session_thread->stamp(runtime::ThreadState::Stamp::coarse);
    sequence_ = object_->next_sequence();
  }

  /// True if there is a record to write.
  bool pending() const noexcept { return sequence_ != 0; }
  /// Writes the record; does nothing unless assign_sequence() took a number.
  void write(trace::Kind kind, std::uint64_t argument = 0, std::uint32_t detail = 0) noexcept {
    if (sequence_ == 0) return;
    runtime::session_thread->record_at(time_, sequence_, kind, *object_, argument, detail);
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
  platform::shared::Offset position_ = 0;
  std::uint64_t time_ = 0;
};

}  // namespace weft::ipc
