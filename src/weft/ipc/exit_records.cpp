#include "weft/ipc/exit_records.h"

#include <utility>

#include "weft/ipc/layout.h"
#include "weft/runtime/point.h"

namespace weft::ipc {

namespace shared = platform::shared;

void ExitRecords::follow_session() {
  if (!runtime::traced()) return;
  runtime::Session& session = *runtime::session_thread->session;
  const std::uint32_t serial = session.serial();
  if (follows_.load() == serial || follows_.exchange(serial) == serial) return;
  {
    const platform::LockGuard guard(mutex_);
    if (ring_ != nullptr) session_->trace()->release_ring(std::exchange(ring_, nullptr));
    session_ = &session;
  }
  session.at_end([this, serial] { leave(serial); });
}

void ExitRecords::leave(std::uint32_t serial) noexcept {
  const platform::LockGuard guard(mutex_);
  if (session_ == nullptr || session_->serial() != serial) return;
  if (ring_ != nullptr) session_->trace()->release_ring(std::exchange(ring_, nullptr));
  session_ = nullptr;
}

void ExitRecords::write(std::uint32_t slot) noexcept {
  const platform::LockGuard guard(mutex_);
  if (session_ == nullptr) return;
  if (ring_ == nullptr) ring_ = session_->trace()->acquire_ring();
  if (ring_ == nullptr) return;
  const shared::Offset at = layout::slot_at(slot);
  trace::Record record;
  record.time = session_->nanoseconds(runtime::Clock::now());
  record.argument = shared::load(at + layout::slot::kNumber);
  record.object = shared::load(at + layout::slot::kObject);
  record.sequence = shared::fetch_add(at + layout::slot::kSequence, 1) + 1;
  record.detail = shared::load(at + layout::slot::kExitCode);
  record.kind = static_cast<std::uint8_t>(trace::Kind::process_end);
  record.thread = 0;  // no thread of the run
  session_->trace()->write(*ring_, record);
}

}  // namespace weft::ipc
