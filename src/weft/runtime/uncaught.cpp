#include "weft/runtime/uncaught.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>

#include "weft/errors.h"
#include "weft/runtime/point.h"

namespace weft::runtime {
namespace {

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> readable(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 ? readable.get() : name;
}

void report(const std::string& text) noexcept {
  if (traced()) {
    note_payload(trace::Kind::error, 0, 0, 0, text);
  } else {
    std::fprintf(stderr, "%s\n", text.c_str());
  }
}

std::atomic<UncaughtHook> uncaught_hook{nullptr};

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
  report("Exception in thread " + thread + ": " + describe(exception));
}

void set_uncaught_hook(UncaughtHook hook) noexcept { uncaught_hook = hook; }

void handle_uncaught(const std::exception_ptr& exception) noexcept {
  const UncaughtHook hook = uncaught_hook;
  if (hook == nullptr) {
    report_uncaught(exception);
    return;
  }
  try {
    hook(exception);
  } catch (const Stopped&) {
  } catch (const SystemExit&) {
  } catch (...) {
    report("Exception in threading.excepthook: " + describe(std::current_exception()));
    report_uncaught(exception);
  }
}

}  // namespace weft::runtime
