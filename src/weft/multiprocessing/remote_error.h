#pragma once

#include <exception>
#include <string>

#include "weft/errors.h"

namespace weft::multiprocessing {

/// An exception from another process whose type cannot be reconstructed here, because it is a
/// user-defined one. Python's exceptions, and those of this library, keep their type. Python:
/// multiprocessing.pool.RemoteTraceback, and pickled exceptions.
///
/// Example:
///     inline const Entry parse("parse", [](std::string text) { return std::stoi(text); });
///     Pool pool(1);
///     try {
///       pool.apply(parse, "seven");
///     } catch (const RemoteError& error) {
///       print(error.type, error.what());
///     }
struct RemoteError : RuntimeError {
  RemoteError(std::string type_name, const std::string& text)
      : RuntimeError(text), type(std::move(type_name)) {}

  std::string type;  ///< name of its type
};

/// Convert an exception to the text "Type: message" and back. The type is preserved if it is one of
/// Python's or of this library's.
std::string to_text(const std::exception_ptr& exception);
std::exception_ptr from_text(const std::string& text);

}  // namespace weft::multiprocessing
