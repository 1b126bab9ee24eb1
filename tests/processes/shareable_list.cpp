// Python's shared_memory.ShareableList and SharedMemoryManager: row M28 of docs/semantics.md.
#include "weft/multiprocessing/shareable_list.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/shared_memory_manager.h"

namespace {

using namespace std::string_literals;
using weft::FileExistsError;
using weft::FileNotFoundError;
using weft::IndexError;
using weft::RuntimeError;
using weft::ValueError;
namespace mp = weft::multiprocessing;
using mp::Entry;
using mp::Process;
using mp::ShareableList;
using mp::SharedMemory;
using mp::SharedMemoryManager;
using Item = ShareableList::Item;

TEST(ShareableListSemantics, M28_ElementsOfDifferentTypes) {
  const mp::Bytes bytes{std::byte{1}, std::byte{0}};
  ShareableList list({7, 1.5, "tea", true, std::monostate(), bytes, -3, false, ""});
  EXPECT_EQ(list.size(), 9U);
  const std::vector<Item> expected{7, 1.5, "tea", true, std::monostate(), bytes, -3, false, ""};
  EXPECT_EQ(list.items(), expected);
  EXPECT_EQ(list.get(-1), Item(""));
  EXPECT_EQ(std::get<mp::Bytes>(list.get(5)), bytes);  // with its zero
  EXPECT_THROW(list.get(9), IndexError);
  EXPECT_THROW(list.get(-10), IndexError);
  EXPECT_THROW(list.set(9, 1), IndexError);
  EXPECT_EQ(list.count(7), 1U);
  EXPECT_EQ(list.count(9), 0U);
  EXPECT_EQ(list.index("tea"), 2);
  EXPECT_THROW(list.index(7.0), ValueError);  // of another type
  EXPECT_EQ(ShareableList(std::vector<Item>()).size(), 0U);
}

TEST(ShareableListSemantics, M28_AnElementIsReplacedByWhatFindsRoom) {
  ShareableList list({1, "123456789"});
  list.set(0, "12345678");
  EXPECT_EQ(list.get(0), Item("12345678"));
  EXPECT_THROW(list.set(0, "123456789"), ValueError);
  EXPECT_EQ(list.get(0), Item("12345678"));
  list.set(0, 2.5);
  EXPECT_EQ(list.get(0), Item(2.5));
  list.set(1, std::string(16, 'x'));  // 9 rounded up
  EXPECT_THROW(list.set(1, std::string(17, 'x')), ValueError);
  list.set(1, std::monostate());
  EXPECT_EQ(list.get(1), Item());
}

const Entry change("shareable_list.change", [](std::string name, ShareableList sent) {
  ShareableList list = ShareableList::attach(name);
  list.set(0, std::get<std::int64_t>(list.get(0)) + 1);
  sent.set(1, "two");
});

TEST(ShareableListSemantics, M28_IsSharedByProcesses) {
  ShareableList list({1, "one"}, "shared by processes");
  EXPECT_THROW(ShareableList({1}, "shared by processes"), FileExistsError);
  Process process(change, "shared by processes", list);
  process.start();
  process.join();
  EXPECT_EQ(list.items(), (std::vector<Item>{2, "two"}));
  EXPECT_EQ(list.shm().name(), "shared by processes");
  list.shm().unlink();
  EXPECT_THROW(ShareableList::attach("shared by processes"), FileNotFoundError);
  SharedMemory other = SharedMemory::create(64, "no list");
  EXPECT_THROW(ShareableList::attach("no list"), ValueError);
  other.unlink();
}

TEST(ShareableListSemantics, M28_TheManagerUnlinksWhatItCreated) {
  std::string name;
  std::string name_of_list;
  std::optional<SharedMemory> kept;
  {
    SharedMemoryManager manager;
    kept = manager.shared_memory(16);
    name = kept->name();
    name_of_list = manager.shareable_list({1, "a"}).shm().name();
    SharedMemory early = manager.shared_memory(8);
    early.unlink();
    EXPECT_EQ(SharedMemory::attach(name).size(), 16U);
    EXPECT_EQ(ShareableList::attach(name_of_list).size(), 2U);
  }
  EXPECT_THROW(SharedMemory::attach(name), FileNotFoundError);
  EXPECT_THROW(ShareableList::attach(name_of_list), FileNotFoundError);
  kept->store(0, 5);  // whoever is attached can go on
  EXPECT_EQ(kept->load(0), 5U);
  SharedMemoryManager manager;
  manager.shutdown();
  manager.shutdown();
  EXPECT_THROW(manager.shared_memory(8), RuntimeError);
}

}  // namespace
