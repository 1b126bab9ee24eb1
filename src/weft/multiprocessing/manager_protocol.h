#pragma once

#include <cstdint>

/// The requests to a manager's server. A request: the client's number, the Call, the container's
/// index unless one is made, the arguments. A reply: whether the call succeeded, then its result or
/// the exception's text.
namespace weft::multiprocessing::manager_protocol {

enum class Call : std::uint8_t {
  hello = 0,  ///< registers a client; the Connection for its replies follows
  make_dict,
  make_list,
  make_namespace,
  // of a dict, or a namespace, whose keys are names
  set,
  get,
  has,
  erase,
  pop,
  size,
  items,
  clear,
  set_default,
  // of a list
  append,
  insert,
  set_at,
  get_at,
  pop_at,
};

}  // namespace weft::multiprocessing::manager_protocol
