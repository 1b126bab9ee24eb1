#pragma once

#include <string>
#include <utility>

#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/serialise.h"

namespace weft::multiprocessing {

/// What each worker of a pool calls before its first task: see initialize_with.
struct PoolInitializer {
  std::string entry;  ///< its name; empty: there is none
  Bytes arguments;
};

inline void serialise(Archive& archive, PoolInitializer& initializer) {
  archive(initializer.entry, initializer.arguments);
}

/// The function that each worker is to call first, and its arguments, of which each worker gets a copy.
template <class F, class... Given>
  requires(Entry<F>::template takes<Given...>)
PoolInitializer initialize_with(const Entry<F>& function, Given&&... given) {
  return {function.name(), to_bytes(typename Entry<F>::Arguments(std::forward<Given>(given)...))};
}

}  // namespace weft::multiprocessing
