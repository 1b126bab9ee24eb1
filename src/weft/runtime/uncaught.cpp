#include "weft/runtime/uncaught.h"

#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>

#include "weft/runtime/point.h"

namespace weft::runtime {
namespace {

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> readable(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 ? readable.get() : name;
}

}  // namespace

std::string describe(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    return demangled(typeid(error).name()) + ": " + error.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

void report_uncaught(const std::exception_ptr& exception) noexcept {
  const std::string thread = current != nullptr ? current->name() : "a foreign thread";
  const std::string text = "Exception in thread " + thread + ": " + describe(exception);
  if (traced()) {
    note_payload(trace::Kind::error, 0, 0, 0, text);
  } else {
    std::fprintf(stderr, "%s\n", text.c_str());
  }
}

}  // namespace weft::runtime
