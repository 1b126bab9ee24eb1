#include "weft/multiprocessing/internal/pool_worker.h"

#include <exception>
#include <string>

#include "weft/errors.h"
#include "weft/ipc/self.h"
#include "weft/multiprocessing/internal/pool_protocol.h"
#include "weft/multiprocessing/internal/task_record.h"
#include "weft/multiprocessing/remote_error.h"
#include "weft/runtime/stopped.h"

namespace weft::multiprocessing {
namespace {

using namespace pool_protocol;

void run_calls(const EntryBase& entry, const TaskHeader& task, Reader& calls, Archive& results) {
  for (std::uint32_t i = 0; i < task.calls; ++i) {
    Archive arguments(calls.item());
    write_item(results, [&](Archive& result) { entry.run_for_result(arguments, result); });
  }
}

// Finds a function by name. Caches the last one: consecutive tasks mostly call the same function.
class Entries {
 public:
  const EntryBase& find(const std::string& name) {
    if (last_ == nullptr || last_->name() != name) last_ = &find_entry(name);
    return *last_;
  }

 private:
  const EntryBase* last_ = nullptr;
};

// Replaces the partial result by the current exception.
void write_failure(OutgoingMessage& result, std::uint32_t job, std::uint32_t index) {
  std::string text = to_text(std::current_exception());
  result.clear();
  write_header(result.archive(), ResultHeader{job, index, 0});
  write_item(result.archive(),
             [&text](Archive& archive) { archive.raw(text.data(), text.size()); });
}

void run_task(ipc::ReceivedMessage& message, Entries& entries, OutgoingMessage& result) {
  Reader reader(message.bytes());
  const auto task = reader.header<TaskHeader>();
  const TaskRecord record(task.trace);
  write_header(result.archive(), ResultHeader{task.job, task.index, task.calls});
  try {
    run_calls(entries.find(reader.text(task.name_bytes)), task, reader, result.archive());
  } catch (const runtime::Stopped&) {
    throw;
  } catch (...) {
    record.failed();
    write_failure(result, task.job, task.index);
  }
}

void send(OutgoingMessage& result, MessageQueue& results) {
  results->put(result, true, std::nullopt, runtime::Where::current());
}

void initialize(PoolInitializer& initializer, MessageQueue& results) {
  if (initializer.entry.empty()) return;
  try {
    Archive arguments(initializer.arguments, ipc::own_slot());
    find_entry(initializer.entry).run(arguments);
  } catch (const runtime::Stopped&) {
    throw;
  } catch (...) {
    OutgoingMessage failure;
    write_failure(failure, kInitialization, 0);
    send(failure, results);
    try {
      throw;
    } catch (const SystemExit& exit) {
      // Exit status 0 is reserved for a worker that has executed its tasks.
      throw SystemExit{(exit.code & 255) != 0 ? exit.code : 1};
    }
  }
}

}  // namespace

void work_in_pool(MessageQueue tasks, MessageQueue results, PoolInitializer initializer,
                  std::uint32_t max_tasks) {
  initialize(initializer, results);
  Entries entries;
  ipc::ReceivedMessage message;
  for (std::uint32_t done = 0; max_tasks == 0 || done < max_tasks; ++done) {
    try {
      tasks->get(message, true, std::nullopt, runtime::Where::current());
    } catch (const EOFError&) {
      return;  // the pool is closed, and the queue is drained
    }
    OutgoingMessage result;
    run_task(message, entries, result);
    send(result, results);
  }
}

const Entry<void (*)(MessageQueue, MessageQueue, PoolInitializer, std::uint32_t)> pool_worker(
    "weft.multiprocessing.pool_worker", work_in_pool);

}  // namespace weft::multiprocessing
