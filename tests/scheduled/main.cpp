// Runs the tests of the suite that it is linked with under a controlled scheduler: each test in a
// session of one. Repeated (--gtest_repeat), each has to give the same trace every time, byte for
// byte.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "support/deterministic_scheduler.h"
#include "support/recording.h"
#include "weft/runtime/session.h"
#include "weft/trace/trace.h"

namespace weft::test {
namespace {

// Of all fields of a record, and its payload.
std::string bytes_of(const Entries& entries) {
  std::string bytes;
  const auto add = [&bytes](auto value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  for (const Entry& entry : entries) {
    add(entry.time);
    add(entry.argument);
    add(entry.object);
    add(entry.sequence);
    add(entry.detail);
    add(entry.thread);
    add(entry.kind);
    bytes += entry.payload;
  }
  return bytes;
}

/// Sessions that tests open themselves get a scheduler each, which lives as long as the program:
/// a session that a test never ends goes on using it.
runtime::Scheduler* next_scheduler() {
  static auto* const all = new std::deque<DeterministicScheduler>;
  return &all->emplace_back();
}

class EachInASession : public testing::EmptyTestEventListener {
 public:
  EachInASession() {
    on_recorded = [this](const Entries& entries) { bytes_ += bytes_of(entries); };
  }

  void OnTestStart(const testing::TestInfo&) override {
    bytes_.clear();
    outermost_ = std::make_unique<DeterministicScheduler>([] {});
    session_ = std::make_unique<runtime::Session>(
        runtime::Session::Options{.trace = nullptr, .scheduler = outermost_.get()});
    recording_ = std::make_unique<Recording>();
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    const Entries& entries = recording_->finish();
    const std::size_t records = entries.size();
    recording_.reset();
    session_.reset();
    const std::string name = std::string(test.test_suite_name()) + "." + test.name();
    const auto [first, is_new] = first_.try_emplace(name, bytes_);
    if (is_new) return;
    EXPECT_EQ(first->second.size(), bytes_.size()) << "of " << records << " records: another trace";
    const auto differs =
        std::mismatch(bytes_.begin(), bytes_.end(), first->second.begin(), first->second.end());
    EXPECT_TRUE(first->second == bytes_)
        << "the trace differs from the first run's at byte " << differs.first - bytes_.begin();
  }

 private:
  std::map<std::string, std::string> first_;  // by test
  std::string bytes_;
  std::unique_ptr<DeterministicScheduler> outermost_;
  std::unique_ptr<runtime::Session> session_;
  std::unique_ptr<Recording> recording_;
};

}  // namespace
}  // namespace weft::test

int main(int count, char** words) {
  testing::InitGoogleTest(&count, words);
  weft::runtime::testing::set_default_scheduler(weft::test::next_scheduler);
  testing::UnitTest::GetInstance()->listeners().Append(new weft::test::EachInASession);
  return RUN_ALL_TESTS();
}
