#pragma once

#include <cstddef>
#include <cstdint>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/internal/pool_core.h"
#include "weft/multiprocessing/internal/task_record.h"

namespace weft::multiprocessing {

/// Sends one task of a job: `calls` calls of the function; the i-th gets the tuple `arguments(i)`.
template <class F, class Arguments>
void send_task(PoolCore::Sending& sending, std::uint32_t index, const Entry<F>& function,
               std::size_t calls, Arguments arguments) {
  using namespace pool_protocol;
  const std::string& name = function.name();
  const std::uint32_t trace = new_task_number();
  OutgoingMessage message;
  Archive& archive = message.archive();
  write_header(archive, TaskHeader{sending.job(), index, static_cast<std::uint32_t>(calls), trace,
                                   static_cast<std::uint32_t>(name.size())});
  archive.raw(const_cast<char*>(name.data()), name.size());  // writing changes nothing
  for (std::size_t i = 0; i < calls; ++i) {
    write_item(archive, [&](Archive& item) {
      typename Entry<F>::Arguments values = arguments(i);
      item(values);
    });
  }
  if (trace != 0) record_task(trace, TaskEvent::submit, sending.pool());
  sending.send(message);
}

}  // namespace weft::multiprocessing
