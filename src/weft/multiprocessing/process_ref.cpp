#include "weft/multiprocessing/process_ref.h"

#include <csignal>

#include "weft/errors.h"
#include "weft/ipc/layout.h"
#include "weft/ipc/self.h"
#include "weft/multiprocessing/internal/launch.h"
#include "weft/platform/cpu.h"
#include "weft/platform/process.h"

namespace weft::multiprocessing {
namespace {

namespace layout = ipc::layout;

ChildProcess& checked(const std::shared_ptr<ChildProcess>& child, const char* what) {
  if (child == nullptr) {
    throw AssertionError(std::string("can only ") + what + " a child process");
  }
  return *child;
}

bool is_daemon(std::uint32_t slot) noexcept {
  return (platform::shared::load(layout::slot_at(slot) + layout::slot::kFlags) &
          layout::slot::kDaemon) != 0;
}

}  // namespace

ProcessRef::ProcessRef(std::shared_ptr<ChildProcess> child)
    : ProcessRef(child->name(), {child->slot(), child->number()}, child->id(), child->daemon()) {
  child_ = std::move(child);
}

bool ProcessRef::is_alive() const noexcept {
  if (child_ != nullptr) return child_->is_alive();
  return number() == ipc::own_number() || !sentinel_.ready();
}

std::optional<int> ProcessRef::exitcode() const noexcept {
  if (child_ == nullptr) return std::nullopt;
  return child_->exit_code();
}

void ProcessRef::join(runtime::Timeout timeout, runtime::Where where) const {
  if (number() == ipc::own_number()) throw AssertionError("can only join a child process");
  if (child_ != nullptr) {
    child_->join(runtime::deadline_after(timeout), where, runtime::Stoppable::yes);
  } else {
    wait({sentinel_}, timeout, where);
  }
}

void ProcessRef::terminate() const { checked(child_, "terminate").signal(SIGTERM); }
void ProcessRef::kill() const { checked(child_, "kill").signal(SIGKILL); }

ProcessRef current_process() {
  const std::uint32_t slot = ipc::own_slot();
  if (slot == 0) return {"MainProcess", {0, ipc::own_number()}, platform::process_id(), false};
  return {own_launch().name, {slot, ipc::own_number()}, platform::process_id(), is_daemon(slot)};
}

std::optional<ProcessRef> parent_process() {
  const std::uint32_t slot = ipc::own_slot();
  if (slot == 0) return std::nullopt;
  const auto at = layout::slot_at(slot);
  const Sentinel parent{platform::shared::load(at + layout::slot::kParentSlot),
                        platform::shared::load(at + layout::slot::kParent)};
  return ProcessRef(own_launch().parent_name, parent, own_launch().parent_id, false);
}

std::vector<ProcessRef> active_children() {
  std::vector<ProcessRef> active;
  for (auto& child : children_alive()) active.emplace_back(std::move(child));
  return active;
}

std::uint32_t cpu_count() noexcept { return platform::cpu_count(); }

}  // namespace weft::multiprocessing
