#pragma once

#include <cstdint>

/// What a manager's server is asked for.
namespace weft::multiprocessing::manager_protocol {

enum class Call : std::uint8_t {
  hello = 0,  ///< the connection for replies follows
  make_dict, make_list, make_namespace,
  // of a dict, or a namespace, whose keys are names
  set, get, has, erase, pop, size, items, clear, set_default,
  // of a list
  append, insert, set_at, get_at, pop_at,
};

}  // namespace weft::multiprocessing::manager_protocol
