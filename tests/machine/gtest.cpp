// GoogleTest in a process of the machine: its children are instances of the same program.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "playground/process/entry_point.h"

namespace weft::playground {
namespace {

/// The arguments are GoogleTest's.
int run_tests(const EntryPoint::Arguments& arguments) {
  std::vector<std::string> words{"tests"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  int argc = static_cast<int>(argv.size());
  argv.push_back(nullptr);
  testing::InitGoogleTest(&argc, argv.data());
  return RUN_ALL_TESTS();
}

const EntryPoint entry("tests", run_tests);

}  // namespace
}  // namespace weft::playground
