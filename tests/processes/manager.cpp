// Python's multiprocessing.Manager: row M21 of docs/semantics.md.
#include "weft/multiprocessing/manager.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "support/scale.h"
#include "weft/errors.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/runtime/park.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using weft::EOFError;
using weft::IndexError;
using weft::KeyError;
using weft::test::rounds;
namespace mp = weft::multiprocessing;
using mp::DictProxy;
using mp::Entry;
using mp::ListProxy;
using mp::Manager;
using mp::NamespaceProxy;
using mp::Pool;
using mp::Process;

using Counts = DictProxy<std::string, int>;

const Entry fill("manager.fill", [](Counts counts, ListProxy<int> list, NamespaceProxy names) {
  counts.set("child", 2);
  for (int i = 0; i < 5; ++i) list.append(i);
  names.set("answer", 42);
});

const Entry append_one("manager.append_one", [](ListProxy<int> list) { list.append(1); });
const Entry set_for_ever("manager.set_for_ever", [](Counts counts) {
  for (;;) counts.set("child", 1);
});

TEST(ManagerSemantics, M21_ProxiesAreSharedByProcesses) {
  Manager manager;
  auto counts = manager.dict<std::string, int>({{"parent", 1}});
  auto list = manager.list<int>();
  auto names = manager.name_space();
  Process process(fill, counts, list, names);
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
  EXPECT_EQ(counts.items(),
            (std::vector<std::pair<std::string, int>>{{"parent", 1}, {"child", 2}}));
  EXPECT_EQ(list.items(), (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(names.get<int>("answer"), 42);
}

TEST(ManagerSemantics, M21_Dict) {
  Manager manager;
  auto dict = manager.dict<std::string, int>();
  dict.set("a", 1);
  dict.set("b", 2);
  dict.set("a", 3);
  EXPECT_EQ(dict.get("a"), 3);
  EXPECT_EQ(dict.get("z", -1), -1);
  EXPECT_THROW(dict.get("z"), KeyError);
  EXPECT_EQ(dict.setdefault("a", 9), 3);
  EXPECT_EQ(dict.setdefault("c", 9), 9);
  EXPECT_EQ(dict.keys(), (std::vector{"a"s, "b"s, "c"s}));
  EXPECT_EQ(dict.values(), (std::vector{3, 2, 9}));
  EXPECT_EQ(dict.pop("a"), 3);
  EXPECT_FALSE(dict.contains("a"));
  EXPECT_THROW(dict.erase("a"), KeyError);
  EXPECT_EQ(dict.size(), 2u);
  dict.clear();
  EXPECT_EQ(dict.size(), 0u);
}

TEST(ManagerSemantics, M21_List) {
  Manager manager;
  auto list = manager.list<std::string>({"b"});
  list.append("c");
  list.insert(0, "a");
  EXPECT_EQ(list.items(), (std::vector{"a"s, "b"s, "c"s}));
  EXPECT_EQ(list.get(-1), "c");
  list.set(1, "B");
  EXPECT_EQ(list.pop(), "c");
  EXPECT_EQ(list.pop(0), "a");
  EXPECT_EQ(list.get(0), "B");
  EXPECT_THROW(list.get(1), IndexError);
  EXPECT_THROW(list.get(-2), IndexError);
  list.clear();
  EXPECT_EQ(list.size(), 0u);
  EXPECT_THROW(list.pop(), IndexError);
}

TEST(ManagerSemantics, M21_WhatIsGotIsACopy) {
  Manager manager;
  auto dict = manager.dict<int, std::vector<int>>({{1, {1}}});
  std::vector<int> inner = dict.get(1);
  inner.push_back(2);
  EXPECT_EQ(dict.get(1), (std::vector{1}));
  dict.set(1, inner);
  EXPECT_EQ(dict.get(1), (std::vector{1, 2}));
}

// Each get() would take over the one reference that the message carries.
TEST(ManagerSemantics, M21_WhatProcessesShareCanNotBeStored) {
  Manager manager;
  const mp::Lock lock;
  auto list = manager.list<mp::Lock>();
  EXPECT_THROW(list.append(lock), weft::ValueError);
  EXPECT_EQ(list.size(), 0U);
  auto names = manager.name_space();
  EXPECT_THROW(names.set("lock", lock), weft::ValueError);
  EXPECT_FALSE(names.contains("lock"));
}

TEST(ManagerSemantics, M21_ThreadsMayUseAProxyAtTheSameTime) {
  Manager manager;
  auto list = manager.list<int>();
  std::vector<weft::threading::Thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([list, i]() mutable {
      for (int k = 0; k < 100; ++k) list.append(i);
    });
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(list.size(), 400u);
}

// Nothing stays of a client that has gone: there is room for some hundreds at once.
TEST(ManagerSemantics, M21_AnyNumberOfClientsComeAndGo) {
  constexpr int kClients = 1000;
  Manager manager;
  auto list = manager.list<int>();
  Pool pool(2);
  const auto append_to = std::vector<ListProxy<int>>(kClients, list);
  pool.map(append_one, append_to, 1);
  EXPECT_EQ(list.size(), std::size_t{kClients});
}

TEST(ManagerSemantics, M21_AClientThatIsKilledLeavesTheOthersAlone) {
  Manager manager;
  auto counts = manager.dict<std::string, int>();
  for (int round = 0; round < rounds(30); ++round) {
    Process process(set_for_ever, counts);
    process.start();
    while (!counts.contains("child")) weft::runtime::sleep_for(100us);
    process.kill();
    process.join();
    counts.erase("child");
    EXPECT_EQ(counts.size(), 0u);
  }
}

TEST(ManagerSemantics, M21_AManagerThatHasEndedIsAnEofError) {
  Manager manager;
  auto used = manager.dict<int, int>();
  used.set(1, 1);
  manager.process().kill();
  EXPECT_THROW(
      {
        for (;;) used.set(1, 2);
      },
      EOFError);
  EXPECT_THROW((manager.list<int>()), EOFError);
}

}  // namespace
