#include "weft/multiprocessing/pool.h"

namespace weft::multiprocessing {
namespace {

PoolCore::Options core_options(std::int32_t processes, Pool::Options options) {
  if (processes < 1)
    throw ValueError("Number of processes must be at least 1, not " + std::to_string(processes));
  if (options.maxtasksperchild && *options.maxtasksperchild < 1) {
    throw ValueError("maxtasksperchild must be a positive int or None, not " +
                     std::to_string(*options.maxtasksperchild));
  }
  PoolCore::Options core;
  core.processes = static_cast<std::uint32_t>(processes);
  core.initializer = std::move(options.initializer);
  core.max_tasks = static_cast<std::uint32_t>(options.maxtasksperchild.value_or(0));
  core.name = std::move(options.name);
  return core;
}

}  // namespace

Pool::Pool(std::optional<std::int32_t> processes, Options options)
    : core_(PoolCore::start(core_options(processes.value_or(static_cast<std::int32_t>(cpu_count())),
                                         std::move(options)))) {}

Pool::~Pool() {
  if (joined_) return;
  core_->terminate();
  // In one of the pool's callbacks it would wait for itself.
  if (core_->is_own_thread()) return;
  core_->join(runtime::Stoppable::no, runtime::Where());
}

void Pool::terminate() { core_->terminate(); }

void Pool::join(runtime::Where where) {
  if (core_->open()) throw ValueError("Pool is still running");
  core_->join(runtime::Stoppable::yes, where);
  joined_ = true;
}

}  // namespace weft::multiprocessing
