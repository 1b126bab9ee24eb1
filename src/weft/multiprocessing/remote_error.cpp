#include "weft/multiprocessing/remote_error.h"

#include <string_view>

#include "weft/runtime/uncaught.h"

namespace weft::multiprocessing {
namespace {

struct Known {
  std::string_view name;
  std::exception_ptr (*make)(const std::string& message);
};

template <class Error>
std::exception_ptr make(const std::string& message) {
  return std::make_exception_ptr(Error(message));
}

constexpr Known kKnown[] = {
    {"ValueError", make<ValueError>},
    {"RuntimeError", make<RuntimeError>},
    {"TimeoutError", make<TimeoutError>},
    {"AssertionError", make<AssertionError>},
    {"EOFError", make<EOFError>},
    {"OSError", make<OSError>},
    {"BrokenPipeError", make<BrokenPipeError>},
    {"FileExistsError", make<FileExistsError>},
    {"FileNotFoundError", make<FileNotFoundError>},
    {"IndexError", make<IndexError>},
    {"KeyError", make<KeyError>},
};

}  // namespace

std::string to_text(const std::exception_ptr& exception) { return runtime::describe(exception); }

std::exception_ptr from_text(const std::string& text) {
  const auto colon = text.find(": ");
  const std::string type = colon == text.npos ? "" : text.substr(0, colon);
  const std::string message = colon == text.npos ? text : text.substr(colon + 2);
  for (const Known& known : kKnown) {
    if (known.name == type) return known.make(message);
  }
  return std::make_exception_ptr(RemoteError(type, message));
}

}  // namespace weft::multiprocessing
