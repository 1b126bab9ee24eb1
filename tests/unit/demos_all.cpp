// What every demo owes to those who show it.
#include <algorithm>
#include <atomic>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "demos/kit/demo.h"
#include "playground/run.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using demos::Demo;
using playground::Status;
using trace::Kind;

bool any(const Demo&) { return true; }

std::vector<std::string> listed_demos(bool (*is_wanted)(const Demo&) = any) {
  std::vector<std::string> ids;
  for (const Demo* demo : demos::all()) {
    if (!demo->hidden && demo->topic != "tests" && is_wanted(*demo)) ids.emplace_back(demo->id);
  }
  return ids;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

class EveryDemo : public testing::TestWithParam<std::string> {
 protected:
  const Demo& demo() const { return *demos::find(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Listed, EveryDemo, testing::ValuesIn(listed_demos()), test_name);

/// Those that this program can run, as it can't start processes. The others are run by tests/twins.
class EveryDemoOfOneProcess : public EveryDemo {};
INSTANTIATE_TEST_SUITE_P(Listed, EveryDemoOfOneProcess,
                         testing::ValuesIn(listed_demos([](const Demo& demo) {
                           return demo.topic != "processes";
                         })),
                         test_name);

template <class Declared>
std::set<std::string> names_of(const std::vector<Declared>& declared) {
  std::set<std::string> names;
  for (const auto& each : declared) names.emplace(each.name);
  return names;
}

/// The names in the payloads of this kind, up to `end`, which are not among `declared`.
std::set<std::string> undeclared(const Entries& entries, Kind kind, char end,
                                 const std::set<std::string>& declared) {
  std::set<std::string> names;
  for (const std::string& payload : payloads(entries, kind)) {
    const std::string name = payload.substr(0, payload.find(end));
    if (!declared.contains(name)) names.insert(name);
  }
  return names;
}

TEST_P(EveryDemo, SpeaksBothLanguages) {
  const auto expect_both = [](const demos::Text& text, std::string_view of) {
    EXPECT_FALSE(text.en.empty()) << of;
    EXPECT_FALSE(text.zh.empty()) << of;
  };
  expect_both(demo().title, "title");
  expect_both(demo().summary, "summary");
  for (const auto& parameter : demo().parameters) {
    expect_both(parameter.label, parameter.name);
    expect_both(parameter.help, parameter.name);
    EXPECT_EQ(parameter.unit.en.empty(), parameter.unit.zh.empty()) << parameter.name;
    for (const auto& choice : parameter.choices) expect_both(choice.label, choice.value);
  }
  for (const auto& result : demo().results) expect_both(result.label, result.name);
  for (const auto& check : demo().checks) expect_both(check.label, check.name);
  for (const auto& sample : demo().samples) expect_both(sample.label, sample.name);
  for (const auto& table : demo().tables) {
    expect_both(table.label, table.name);
    for (const auto& column : table.columns) expect_both(column.label, table.name);
  }
}

TEST_P(EveryDemoOfOneProcess, ReportsWhatItDeclares) {
  Recording recording;
  const Status status = playground::run(GetParam(), {});
  const Entries entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_LT(entries.size(), 200'000U);
  if (of_kind(entries, Kind::deadlock).empty()) {
    EXPECT_EQ(status, Status::ok);
  }

  const std::set<std::string> none;
  EXPECT_EQ(undeclared(entries, Kind::result, '=', names_of(demo().results)), none);
  EXPECT_EQ(undeclared(entries, Kind::check, '=', names_of(demo().checks)), none);
  EXPECT_EQ(undeclared(entries, Kind::sample, '=', names_of(demo().samples)), none);
  EXPECT_EQ(undeclared(entries, Kind::row, '\t', names_of(demo().tables)), none);
  for (const auto& table : demo().tables) {
    for (const std::string& row : payloads(entries, Kind::row)) {
      if (!row.starts_with(std::string(table.name) + '\t')) continue;
      EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(row, '\t')), table.columns.size())
          << row;
    }
  }
}

// One that does not stop is found out by the test's timeout.
TEST_P(EveryDemoOfOneProcess, StopsWhenAsked) {
  std::atomic<Recording*> shared{nullptr};
  threading::Thread stopper([&] {
    EXPECT_TRUE(eventually([&] {
      const Recording* recording = shared.load();
      return recording != nullptr &&
             recording->count([](const Entry& entry) { return entry.kind == Kind::console; }) > 0;
    }));
    shared.load()->stop();
  });
  stopper.start();
  Recording recording;
  shared = &recording;
  const Status status = playground::run(GetParam(), {});
  const Entries entries = recording.finish();
  stopper.join();
  // One that is faster than the request ends as it always does.
  if (status == Status::stopped) {
    // What the demo itself lets escape is its own affair.
    for (const std::string& error : payloads(entries, Kind::error)) {
      EXPECT_EQ(error.find("Stopped"), std::string::npos) << error;
    }
  }
  EXPECT_EQ(complaints(entries), kNone);
}

}  // namespace
}  // namespace weft::test
