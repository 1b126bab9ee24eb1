// Exceptions that come back from other processes.
#include "weft/multiprocessing/remote_error.h"

#include <gtest/gtest.h>

#include <exception>
#include <string>
#include <typeinfo>
#include <utility>

#include "weft/errors.h"
#include "weft/futures/errors.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process_pool_executor.h"
#include "weft/queue/errors.h"
#include "weft/threading/barrier.h"

namespace {

namespace mp = weft::multiprocessing;
using weft::SystemExit;

struct Own : weft::ValueError {
  using ValueError::ValueError;
};

const mp::Bytes kBytes{std::byte{0}, std::byte{':'}, std::byte{255}};

/// Throws the one of that number; ends normally if there is none.
void throw_number(int number) {
  switch (number) {
    case 0: throw weft::ValueError("a: b");
    case 1: throw weft::RuntimeError("");
    case 2: throw weft::TimeoutError("late");
    case 3: throw weft::AssertionError("so");
    case 4: throw weft::EOFError("end");
    case 5: throw weft::OSError("system");
    case 6: throw weft::BrokenPipeError("pipe");
    case 7: throw weft::FileExistsError("there");
    case 8: throw weft::FileNotFoundError("not there");
    case 9: throw weft::IndexError("3");
    case 10: throw weft::KeyError("key");
    case 11: throw weft::queue::Empty();
    case 12: throw weft::queue::Full();
    case 13: throw weft::queue::ShutDown();
    case 14: throw weft::futures::CancelledError();
    case 15: throw weft::futures::InvalidStateError("state");
    case 16: throw weft::futures::BrokenExecutor("broken");
    case 17: throw weft::futures::BrokenThreadPool();
    case 18: throw mp::BrokenProcessPool();
    case 19: throw weft::threading::BrokenBarrierError();
    case 20: throw mp::SerialiseError("bytes");
    case 21: throw weft::OverflowError("too large");
    default: return;
  }
}
constexpr int kNumbers = 22;

const mp::Entry throws_number("remote.throws_number", throw_number);
const mp::Entry throws_exit("remote.throws_exit", [](int code) { throw SystemExit{code}; });
const mp::Entry throws_abandoned("remote.throws_abandoned", [](const std::string& name) {
  throw mp::AbandonedError(name, 12);
});
const mp::Entry throws_too_short("remote.throws_too_short",
                                 [] { throw mp::BufferTooShort(kBytes); });
const mp::Entry throws_own("remote.throws_own", [] { throw Own("mine"); });
const mp::Entry throws_number_of_another("remote.throws_number_of_another", [] {
  mp::ProcessPoolExecutor(1).submit(throws_own).result();
});

template <class Action>
std::exception_ptr exception_of(Action action) {
  try {
    action();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

/// The type and the text.
std::pair<const std::type_info*, std::string> known_by(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    return {&typeid(error), error.what()};
  }
}

TEST(RemoteErrors, M14_TypesOfPythonsAndOfThisLibraryComeBackAsThemselves) {
  mp::Pool pool(1);
  for (int number = 0; number < kNumbers; ++number) {
    const auto here = exception_of([&] { throw_number(number); });
    const auto there = exception_of([&] { pool.apply(throws_number, number); });
    ASSERT_TRUE(here != nullptr && there != nullptr) << number;
    EXPECT_EQ(known_by(there), known_by(here)) << number;
  }
  EXPECT_EQ(exception_of([&] { pool.apply(throws_number, kNumbers); }), nullptr);
}

TEST(RemoteErrors, M14_SystemExitIsItsCode) {
  mp::ProcessPoolExecutor executor(1);
  for (const int code : {0, 4, -3, 300}) {
    try {
      executor.submit(throws_exit, code).result();
      FAIL() << code;
    } catch (const SystemExit& exit) {
      EXPECT_EQ(exit.code, code);
    }
  }
}

TEST(RemoteErrors, M14_WhatAnExceptionCarriesComesAlong) {
  mp::Pool pool(1);
  for (const std::string name : {"Lock-1", "", "what died holding it"}) {
    try {
      pool.apply(throws_abandoned, name);
      FAIL() << name;
    } catch (const mp::AbandonedError& error) {
      EXPECT_EQ(error.process_number, 12u);
      EXPECT_EQ(std::string(error.what()), mp::AbandonedError(name, 12).what());
    }
  }
  try {
    pool.apply(throws_too_short);
    FAIL();
  } catch (const mp::BufferTooShort& error) {
    EXPECT_EQ(error.message, kBytes);
  }
}

// However many processes it has crossed.
TEST(RemoteErrors, M14_OtherTypesAreTold) {
  mp::ProcessPoolExecutor executor(1);
  for (auto future : {executor.submit(throws_own), executor.submit(throws_number_of_another)}) {
    try {
      future.result();
      FAIL();
    } catch (const mp::RemoteError& error) {
      EXPECT_EQ(error.type, "Own");
      EXPECT_STREQ(error.what(), "mine");
    }
  }
}

}  // namespace
