#include "weft/runtime/uncaught.h"

#include <atomic>
#include <cstdio>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "weft/errors.h"
#include "weft/platform/thread.h"
#include "weft/platform/type_name.h"
#include "weft/runtime/point.h"

namespace weft::runtime {
namespace {

// Python's name of a type that is named after one of Python's. Types in an anonymous namespace, as
// of Python's __main__, get no prefix.
std::string python_name(std::string name) {
  constexpr std::string_view kOwnFile = "(anonymous namespace)::";
  constexpr std::pair<std::string_view, std::string_view> kModules[] = {
      {"weft::threading::", "threading."},
      {"weft::queue::", "queue."},
      {"weft::futures::", "concurrent.futures."},
      {"weft::multiprocessing::", "multiprocessing."},
      {"weft::ipc::", "multiprocessing."},  // named through weft::multiprocessing
      {"weft::", ""},
  };
  if (const auto found = name.rfind(kOwnFile); found != name.npos) {
    return name.substr(found + kOwnFile.size());
  }
  for (const auto& [space, module] : kModules) {
    if (name.starts_with(space)) return name.replace(0, space.size(), module);
  }
  return name;
}

bool is_system_exit(const std::exception_ptr& exception) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const SystemExit&) {
    return true;
  } catch (...) {
    return false;
  }
}

std::string name_of_current_thread() {
  if (current != nullptr) return current->name();
  return platform::is_main_thread() ? "MainThread" : "a foreign thread";
}

void report(const std::string& text) noexcept {
  if (traced()) {
    record_payload(trace::Kind::error, 0, 0, 0, text);
    session_thread->session->console_written();
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
    return python_name(platform::type_name(typeid(error))) + ": " + error.what();
  } catch (const SystemExit& exit) {
    return "SystemExit: " + std::to_string(exit.code);
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

void report_uncaught(const std::exception_ptr& exception) noexcept {
  report("Exception in thread " + name_of_current_thread() + ": " + describe(exception));
}

void report_end_of_process(const std::string& process,
                           const std::exception_ptr& exception) noexcept {
  report("Exception in process " + process + ": " + describe(exception));
}

void report_end_of_thread(const std::exception_ptr& exception) noexcept {
  if (!is_system_exit(exception)) report_uncaught(exception);
}

void set_uncaught_hook(UncaughtHook hook) noexcept { uncaught_hook = hook; }

void handle_uncaught(const std::exception_ptr& exception) noexcept {
  const UncaughtHook hook = uncaught_hook;
  if (hook == nullptr) {
    report_end_of_thread(exception);
    return;
  }
  try {
    hook(exception);
  } catch (const Stopped&) {
  } catch (const SystemExit&) {
  } catch (...) {
    report("Exception in threading.excepthook: " + describe(std::current_exception()));
    report_end_of_thread(exception);
  }
}

}  // namespace weft::runtime
