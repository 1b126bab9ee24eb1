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
  std::string entry;  ///< name of the function; empty: none
  /// Writes the arguments, once per worker, since each worker needs references of its own.
  std::function<void(Archive&)> write_arguments;
  Bytes arguments;  ///< in a worker: the received arguments
};

inline void serialise(Archive& archive, PoolInitializer& initializer) {
  if (!archive.reading() && initializer.write_arguments) {
    Archive arguments(archive.receiver());
    initializer.write_arguments(arguments);
    initializer.arguments = arguments.take_bytes();
  }
  archive(initializer.entry, initializer.arguments);
}

/// An initializer for a pool: each worker first calls the function with a copy of the arguments.
template <class F, class... Given>
  requires(Entry<F>::template takes<Given...>)
PoolInitializer initialize_with(const Entry<F>& function, Given&&... given) {
  const auto kept = std::make_shared<typename Entry<F>::Arguments>(std::forward<Given>(given)...);
  return {function.name(), [kept](Archive& archive) { archive(*kept); }, {}};
}

}  // namespace weft::multiprocessing
