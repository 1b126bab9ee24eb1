#pragma once

#include <cstdint>

/// The requests to a manager's server. A request: the number of the client's line (see
/// ManagerClient), the identity of its thread, the Call, the object's index unless one is made, the
/// arguments. A reply: whether the call succeeded, then its result or the exception's text.
namespace weft::multiprocessing::manager_protocol {

enum class Call : std::uint8_t {
  hello = 0,  ///< registers a line: the Connection for its replies, the client's slot and number
  make_dict,
  make_list,
  make_namespace,
  make_array,
  make_queue,
  make_lock,
  make_semaphore,
  make_condition,
  make_event,
  make_barrier,
  // of a dict, or a namespace, whose keys are names
  set,
  get,
  has,
  erase,
  pop,
  pop_item,
  update,
  size,
  items,
  clear,
  set_default,
  // of a list; an array, and a value, which is an array of one, have some of them
  append,
  extend,
  insert,
  set_at,
  get_at,
  pop_at,
  reverse,
  snapshot,
  erase_if_unchanged,
  replace_if_unchanged,
  // of a queue, as is size
  put_item,
  get_item,
  is_full,
  task_done,
  join,
  shut_down,
  // of a lock, a semaphore or a condition
  acquire,
  release,
  is_locked,
  recover,
  // of a condition, an event or a barrier
  wait,
  notify,
  raise_flag,  ///< of an event: set()
  is_set,
  abort,
  reset,
  state,  ///< of a barrier: its parties, those that wait, whether it is broken
};

}  // namespace weft::multiprocessing::manager_protocol
