#pragma once

#include <exception>
#include <string>

#include "weft/errors.h"

namespace weft::multiprocessing {

/// An exception that a function ended with in another process, of a type that only that function's own
/// program part knows. Python's exceptions come back as themselves.
/// Python: multiprocessing.pool.RemoteTraceback, and pickled exceptions.
struct RemoteError : RuntimeError {
  RemoteError(std::string type_name, const std::string& text)
      : RuntimeError(text), type(std::move(type_name)) {}

  std::string type;  ///< its name, as in "Type: message"
};

/// The exception as text, "Type: message", and back: as itself if it is one of Python's types or of those of
/// this library.
std::string to_text(const std::exception_ptr& exception);
std::exception_ptr from_text(const std::string& text);

}  // namespace weft::multiprocessing
