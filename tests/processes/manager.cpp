// Python's multiprocessing.Manager: row M21 of docs/semantics.md.
#include "weft/multiprocessing/manager.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
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

TEST(ManagerSemantics, M21_TheOtherMethodsOfADict) {
  Manager manager;
  auto dict = manager.dict<std::string, int>({{"a", 1}, {"b", 2}});
  EXPECT_FALSE(dict.empty());
  EXPECT_EQ(dict.pop("z", 7), 7);
  EXPECT_EQ(dict.pop("a", 7), 1);
  dict.update({{"c", 3}, {"b", 4}});
  dict.update(std::map<std::string, int>{{"d", 5}});
  EXPECT_EQ(dict.items(), (std::vector<std::pair<std::string, int>>{{"b", 4}, {"c", 3}, {"d", 5}}));
  EXPECT_EQ(dict.popitem(), (std::pair{"d"s, 5}));
  EXPECT_EQ(dict.popitem(), (std::pair{"c"s, 3}));
  EXPECT_EQ(dict.popitem(), (std::pair{"b"s, 4}));
  EXPECT_THROW(dict.popitem(), KeyError);
  EXPECT_TRUE(dict.empty());
  dict.set("b", 1);
  dict.set("a", 2);
  EXPECT_EQ(dict.keys(), (std::vector{"b"s, "a"s}));  // a key set anew is the last
}

TEST(ManagerSemantics, M21_TheOtherMethodsOfAList) {
  Manager manager;
  auto list = manager.list<int>({3, 1, 2});
  list.extend({1, 4});
  list.extend(std::vector{1});
  EXPECT_EQ(list.items(), (std::vector{3, 1, 2, 1, 4, 1}));
  EXPECT_EQ(list.count(1), 3U);
  EXPECT_EQ(list.count(9), 0U);
  EXPECT_EQ(list.index(1), 1);
  EXPECT_EQ(list.index(1, 2), 3);
  EXPECT_EQ(list.index(1, -1), 5);
  EXPECT_THROW(list.index(1, 2, 3), weft::ValueError);
  EXPECT_THROW(list.index(9), weft::ValueError);
  EXPECT_TRUE(list.contains(4));
  EXPECT_FALSE(list.contains(9));
  list.remove(1);
  EXPECT_EQ(list.items(), (std::vector{3, 2, 1, 4, 1}));
  EXPECT_THROW(list.remove(9), weft::ValueError);
  list.reverse();
  EXPECT_EQ(list.items(), (std::vector{1, 4, 1, 2, 3}));
  list.sort();
  EXPECT_EQ(list.items(), (std::vector{1, 1, 2, 3, 4}));
  list.sort(std::greater());
  EXPECT_EQ(list.items(), (std::vector{4, 3, 2, 1, 1}));
  list.sort({}, [](int n) { return n % 2; });  // stable
  EXPECT_EQ(list.items(), (std::vector{4, 2, 3, 1, 1}));
  list.erase(-1);
  list.erase(0);
  EXPECT_EQ(list.items(), (std::vector{2, 3, 1}));
  EXPECT_THROW(list.erase(3), IndexError);
  EXPECT_FALSE(list.empty());
}

const Entry remove_ones("manager.remove_ones", [](ListProxy<int> list, int count) {
  for (int i = 0; i < count; ++i) {
    list.remove(1);
    list.sort();
  }
});

// Each begins anew if another was quicker: none removes what is another's, or sorts back what is
// gone.
TEST(ManagerSemantics, M21_WhatComparesElementsIsAtomic) {
  const int count = rounds(30);
  Manager manager;
  std::vector<int> items(static_cast<std::size_t>(2 * count), 1);
  items.push_back(2);
  auto list = manager.list<int>(items);
  std::vector<Process> processes;
  for (int i = 0; i < 2; ++i) {
    processes.emplace_back(remove_ones, list, count);
    processes.back().start();
  }
  for (Process& process : processes) process.join();
  for (Process& process : processes) EXPECT_EQ(process.exitcode(), 0);
  EXPECT_EQ(list.items(), std::vector{2});
}

TEST(ManagerSemantics, M21_ValueAndArray) {
  Manager manager;
  auto value = manager.value<std::string>("Ada");
  value.set(value.get() + " Lovelace");
  EXPECT_EQ(value.get(), "Ada Lovelace");
  auto array = manager.array<double>({0.5, 1.5});
  array.set(-1, 2.5);
  EXPECT_EQ(array.get(1), 2.5);
  EXPECT_EQ(array.size(), 2U);
  EXPECT_EQ(array.get_all(), (std::vector{0.5, 2.5}));
  EXPECT_THROW(array.get(2), IndexError);
  EXPECT_THROW(array.set(-3, 0), IndexError);
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
