// This program does not call freeze_support().
#include <gtest/gtest.h>

#include <string>

#include "weft/errors.h"
#include "weft/multiprocessing/process.h"

namespace {

const weft::multiprocessing::Entry nothing("nothing", [] {});

TEST(Process, IsNotStartedByAProgramThatHasNoPlaceForIt) {
  weft::multiprocessing::Process process(nothing);
  try {
    process.start();
    FAIL();
  } catch (const weft::RuntimeError& error) {
    EXPECT_NE(std::string(error.what()).find("freeze_support"), std::string::npos);
  }
  EXPECT_FALSE(process.is_alive());
}

TEST(Entry, TwoOfOneNameAreRefused) {
  EXPECT_THROW((weft::multiprocessing::Entry("nothing", [] {})), weft::RuntimeError);
}

TEST(Entry, OneThatIsNotThereIsRefused) {
  EXPECT_THROW(weft::multiprocessing::find_entry("no such entry"), weft::RuntimeError);
}

}  // namespace
