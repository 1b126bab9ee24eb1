#include "weft/runtime/internal/local_values.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "weft/runtime/internal/identity.h"

namespace weft::runtime {

/// The variables of which a thread has values, by key.
struct LocalTable {
  struct Entry {
    void* value;
    std::weak_ptr<LocalValues> variable;
  };

  ~LocalTable() { end(); }  // for threads that Weft did not start

  void end() noexcept {
    // A value's destructor may use other variables, even those whose values were destroyed before.
    while (!entries.empty()) {
      auto ending = std::exchange(entries, {});
      for (auto& [key, entry] : ending) {
        if (const auto variable = entry.variable.lock()) take_out(*variable);
      }
    }
    prune_at = kPruneAtLeast;
  }

  // Removes variables that no longer exist. The threshold doubles, so the cost is amortized.
  void prune() {
    if (entries.size() < prune_at) return;
    std::erase_if(entries, [](const auto& entry) { return entry.second.variable.expired(); });
    prune_at = std::max(kPruneAtLeast, 2 * entries.size());
  }

  static constexpr std::size_t kPruneAtLeast = 16;
  std::unordered_map<std::uint64_t, Entry> entries;
  std::size_t prune_at = kPruneAtLeast;

 private:
  static void take_out(LocalValues& variable) noexcept {
    LocalValues::Value value(nullptr, nullptr);  // destroyed after the mutex is released
    const platform::LockGuard guard(variable.mutex_);
    const auto found = variable.values_.find(identity());
    if (found == variable.values_.end()) return;
    value = std::move(found->second);
    variable.values_.erase(found);
  }
};

namespace {

std::atomic<std::uint64_t> next_key{1};
thread_local LocalTable table;

}  // namespace

LocalValues::LocalValues() noexcept : key_(next_key.fetch_add(1, std::memory_order_relaxed)) {}

void* LocalValues::find() const noexcept {
  const auto found = table.entries.find(key_);
  return found != table.entries.end() ? found->second.value : nullptr;
}

void* LocalValues::add(Value value) {
  if (void* there = find(); there != nullptr) return there;
  table.prune();
  void* const pointer = value.get();
  {
    const platform::LockGuard guard(mutex_);
    values_.emplace(identity(), std::move(value));
  }
  table.entries.emplace(key_, LocalTable::Entry{pointer, weak_from_this()});
  return pointer;
}

void LocalValues::clear() noexcept {
  std::unordered_map<std::uint64_t, Value> ending;
  const platform::LockGuard guard(mutex_);
  ending.swap(values_);
}

void end_local_values() noexcept { table.end(); }

}  // namespace weft::runtime
