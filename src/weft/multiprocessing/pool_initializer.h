#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/serialise.h"

namespace weft::multiprocessing {

/// What each worker of a pool calls before its first task: see initialize_with.
struct PoolInitializer {
  std::string entry;  ///< its name; empty: there is none
  /// Writes the arguments: for each worker anew, as each gets handles of its own.
  std::function<void(Archive&)> write_arguments;
  Bytes arguments;  ///< in a worker: what it got
};

inline void serialise(Archive& archive, PoolInitializer& initializer) {
  if (!archive.reading() && initializer.write_arguments) {
    Archive arguments(archive.receiver());
    initializer.write_arguments(arguments);
    initializer.arguments = arguments.take_bytes();
  }
  archive(initializer.entry, initializer.arguments);
}

/// The function that each worker is to call first, and its arguments, of which each worker gets a copy.
template <class F, class... Given>
  requires(Entry<F>::template takes<Given...>)
PoolInitializer initialize_with(const Entry<F>& function, Given&&... given) {
  const auto kept = std::make_shared<typename Entry<F>::Arguments>(std::forward<Given>(given)...);
  return {function.name(), [kept](Archive& archive) { archive(*kept); }, {}};
}

}  // namespace weft::multiprocessing
