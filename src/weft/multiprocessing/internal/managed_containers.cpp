#include "weft/multiprocessing/internal/managed_containers.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "weft/errors.h"
#include "weft/multiprocessing/serialise.h"

namespace weft::multiprocessing {

using manager_protocol::Call;

namespace {

template <class T>
T read(Archive& arguments) {
  T value{};
  arguments(value);
  return value;
}

void write_size(Archive& reply, std::size_t size) {
  auto count = static_cast<std::uint64_t>(size);
  reply(count);
}

}  // namespace

// ---- dict

// The value of the key, which is inserted if there is none.
Bytes& ManagedDict::value_of(const Bytes& key) {
  const auto [item, is_new] = values_.try_emplace(key);
  if (is_new) {
    item->second.order = next_order_++;
    in_order_.emplace_hint(in_order_.end(), item->second.order, item);
  }
  return item->second.bytes;
}

ManagedDict::Values::iterator ManagedDict::find(const Bytes& key) {
  const auto found = values_.find(key);
  if (found == values_.end()) throw KeyError("there is no such key");
  return found;
}

void ManagedDict::erase(Values::iterator item) {
  in_order_.erase(item->second.order);
  values_.erase(item);
}

std::vector<std::pair<Bytes, Bytes>> ManagedDict::items() const {
  std::vector<std::pair<Bytes, Bytes>> all;
  all.reserve(in_order_.size());
  for (const auto& [order, item] : in_order_) all.emplace_back(item->first, item->second.bytes);
  return all;
}

std::unique_ptr<PendingCall> ManagedDict::answer(Call call, Archive& arguments, Archive& reply,
                                                 const Caller&) {
  switch (call) {
    case Call::set: {
      const auto key = read<Bytes>(arguments);
      auto value = read<Bytes>(arguments);
      value_of(key) = std::move(value);
      break;
    }
    case Call::update: {
      for (auto& [key, value] : read<std::vector<std::pair<Bytes, Bytes>>>(arguments)) {
        value_of(key) = std::move(value);
      }
      break;
    }
    case Call::set_default: {
      const auto key = read<Bytes>(arguments);
      auto value = read<Bytes>(arguments);
      if (!values_.contains(key)) value_of(key) = std::move(value);
      reply(find(key)->second.bytes);
      break;
    }
    case Call::get: reply(find(read<Bytes>(arguments))->second.bytes); break;
    case Call::has: {
      bool has = values_.contains(read<Bytes>(arguments));
      reply(has);
      break;
    }
    case Call::erase: erase(find(read<Bytes>(arguments))); break;
    case Call::pop: {
      const auto found = find(read<Bytes>(arguments));
      reply(found->second.bytes);
      erase(found);
      break;
    }
    case Call::pop_item: {
      if (in_order_.empty()) throw KeyError("popitem(): dictionary is empty");
      const auto last = std::prev(in_order_.end())->second;
      std::pair<Bytes, Bytes> item(last->first, last->second.bytes);
      reply(item);
      erase(last);
      break;
    }
    case Call::size: write_size(reply, values_.size()); break;
    case Call::items: {
      auto all = items();
      reply(all);
      break;
    }
    case Call::clear:
      in_order_.clear();
      values_.clear();
      break;
    default: throw RuntimeError("a dict has no such method");
  }
  return nullptr;
}

// ---- list

// A negative index counts from the end.
std::size_t ManagedList::place(std::int64_t index) const {
  const auto size = static_cast<std::int64_t>(items_.size());
  if (index < 0) index += size;
  if (index < 0 || index >= size) throw IndexError("list index out of range");
  return static_cast<std::size_t>(index);
}

std::unique_ptr<PendingCall> ManagedList::answer(Call call, Archive& arguments, Archive& reply,
                                                 const Caller&) {
  switch (call) {
    case Call::get_at: reply(items_[place(read<std::int64_t>(arguments))]); break;
    case Call::size: write_size(reply, items_.size()); break;
    case Call::items: reply(items_); break;
    case Call::snapshot: reply(version_, items_); break;
    case Call::erase_if_unchanged:
    case Call::replace_if_unchanged: {
      bool changed = change_if(read<std::uint64_t>(arguments), call, arguments);
      reply(changed);
      break;
    }
    default: change(call, arguments, reply); ++version_;
  }
  return nullptr;
}

void ManagedList::change(Call call, Archive& arguments, Archive& reply) {
  switch (call) {
    case Call::append: items_.push_back(read<Bytes>(arguments)); return;
    case Call::extend:
      std::ranges::move(read<std::vector<Bytes>>(arguments), std::back_inserter(items_));
      return;
    case Call::insert: {
      const auto size = static_cast<std::int64_t>(items_.size());
      auto index = read<std::int64_t>(arguments);
      index = std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
      items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(index), read<Bytes>(arguments));
      return;
    }
    case Call::set_at: {
      Bytes& item = items_[place(read<std::int64_t>(arguments))];
      item = read<Bytes>(arguments);
      return;
    }
    case Call::pop_at: {
      const auto found =
          items_.begin() + static_cast<std::ptrdiff_t>(place(read<std::int64_t>(arguments)));
      reply(*found);
      items_.erase(found);
      return;
    }
    case Call::reverse: std::ranges::reverse(items_); return;
    case Call::clear: items_.clear(); return;
    default: throw RuntimeError("a list has no such method");
  }
}

// Optimistic: false if the list is no longer what the caller has seen.
bool ManagedList::change_if(std::uint64_t version, Call call, Archive& arguments) {
  if (version != version_) return false;
  if (call == Call::replace_if_unchanged) {
    items_ = read<std::vector<Bytes>>(arguments);
  } else {
    const std::size_t at = place(static_cast<std::int64_t>(read<std::uint64_t>(arguments)));
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  ++version_;
  return true;
}

}  // namespace weft::multiprocessing
