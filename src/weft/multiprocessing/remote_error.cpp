#include "weft/multiprocessing/remote_error.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "weft/futures/errors.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/process_pool_executor.h"
#include "weft/queue/errors.h"
#include "weft/runtime/uncaught.h"
#include "weft/threading/barrier.h"

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

// For types with a fixed message.
template <class Error>
std::exception_ptr make_plain(const std::string&) {
  return std::make_exception_ptr(Error());
}

// The first number in the text; 0 if there is none.
template <class Number>
Number number_in(std::string_view text) {
  const auto digits = text.substr(std::min(text.find_first_of("-0123456789"), text.size()));
  Number number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::exception_ptr make_system_exit(const std::string& message) {
  return std::make_exception_ptr(SystemExit{number_in<int>(message)});
}

// Parses "process 3 died holding Lock-1".
std::exception_ptr make_abandoned(const std::string& message) {
  constexpr std::string_view kHolding = " died holding ";
  const auto holding = message.find(kHolding);
  const std::string object =
      holding == message.npos ? message : message.substr(holding + kHolding.size());
  return std::make_exception_ptr(AbandonedError(object, number_in<std::uint32_t>(message)));
}

// The text is the message that did not fit.
std::exception_ptr make_too_short(const std::string& message) {
  std::vector<std::byte> whole(message.size());
  std::ranges::transform(message, whole.begin(), [](char c) { return static_cast<std::byte>(c); });
  return std::make_exception_ptr(BufferTooShort(std::move(whole)));
}

constexpr std::string_view kTooShort = "multiprocessing.BufferTooShort";

constexpr Known kKnown[] = {
    {"ValueError", make<ValueError>},
    {"RuntimeError", make<RuntimeError>},
    {"OverflowError", make<OverflowError>},
    {"TimeoutError", make<TimeoutError>},
    {"AssertionError", make<AssertionError>},
    {"EOFError", make<EOFError>},
    {"OSError", make<OSError>},
    {"BrokenPipeError", make<BrokenPipeError>},
    {"FileExistsError", make<FileExistsError>},
    {"FileNotFoundError", make<FileNotFoundError>},
    {"IndexError", make<IndexError>},
    {"KeyError", make<KeyError>},
    {"SystemExit", make_system_exit},
    {"threading.BrokenBarrierError", make_plain<threading::BrokenBarrierError>},
    {"queue.Empty", make_plain<queue::Empty>},
    {"queue.Full", make_plain<queue::Full>},
    {"queue.ShutDown", make_plain<queue::ShutDown>},
    {"concurrent.futures.CancelledError", make_plain<futures::CancelledError>},
    {"concurrent.futures.InvalidStateError", make<futures::InvalidStateError>},
    {"concurrent.futures.BrokenExecutor", make<futures::BrokenExecutor>},
    {"concurrent.futures.BrokenThreadPool", make_plain<futures::BrokenThreadPool>},
    {"multiprocessing.BrokenProcessPool", make_plain<BrokenProcessPool>},
    {"multiprocessing.AbandonedError", make_abandoned},
    {"multiprocessing.SerialiseError", make<SerialiseError>},
    {kTooShort, make_too_short},
};

std::string text_of(std::string_view type, const std::string& message) {
  return std::string(type) + ": " + message;
}

}  // namespace

std::string to_text(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const RemoteError& error) {
    return error.type.empty() ? error.what() : text_of(error.type, error.what());  // forwarded
  } catch (const BufferTooShort& error) {
    std::string whole(error.message.size(), '\0');
    std::ranges::transform(error.message, whole.begin(),
                           [](std::byte b) { return static_cast<char>(b); });
    return text_of(kTooShort, whole);
  } catch (...) {
    return runtime::describe(exception);
  }
}

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
