#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/internal/managed_object.h"

/// The containers in a manager's process. They hold serialised keys and values, whose types they do
/// not know.
namespace weft::multiprocessing {

/// A dict, or a namespace; keeps insertion order.
class ManagedDict final : public ManagedObject {
 public:
  std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                      Archive& reply, const Caller& caller) override;

 private:
  struct Value {
    std::uint64_t order = 0;
    Bytes bytes;
  };
  using Values = std::map<Bytes, Value>;

  Bytes& value_of(const Bytes& key);
  Values::iterator find(const Bytes& key);
  void erase(Values::iterator item);
  std::vector<std::pair<Bytes, Bytes>> items() const;

  Values values_;
  std::map<std::uint64_t, Values::iterator> in_order_;
  std::uint64_t next_order_ = 0;
};

/// A list, or an array.
class ManagedList final : public ManagedObject {
 public:
  explicit ManagedList(std::vector<Bytes> items = {}) : items_(std::move(items)) {}

  std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                      Archive& reply, const Caller& caller) override;

 private:
  std::size_t place(std::int64_t index) const;
  void change(manager_protocol::Call call, Archive& arguments, Archive& reply);
  bool change_if(std::uint64_t version, manager_protocol::Call call, Archive& arguments);

  std::vector<Bytes> items_;
  std::uint64_t version_ = 0;  // how many calls have changed it
};

}  // namespace weft::multiprocessing
