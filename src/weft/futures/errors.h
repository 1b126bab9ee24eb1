#pragma once

#include <stdexcept>

#include "weft/errors.h"

namespace weft::futures {

/// The future was cancelled.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.CancelledError
struct CancelledError : std::runtime_error {
  CancelledError() : std::runtime_error("the future was cancelled") {}
};

/// The operation is not allowed in the future's present state.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.InvalidStateError
struct InvalidStateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace weft::futures
