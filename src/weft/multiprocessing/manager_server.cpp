#include "weft/multiprocessing/manager_server.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "weft/errors.h"
#include "weft/multiprocessing/remote_error.h"
#include "weft/multiprocessing/serialise.h"
#include "weft/runtime/stopped.h"

namespace weft::multiprocessing {

using manager_protocol::Call;

// A reply: whether the call succeeded, then its result or the exception's text.
void ManagerServer::serve(MessageQueue calls) {
  ReceivedMessage message;
  for (;;) {
    calls->get(message, true, std::nullopt, runtime::Where::current());
    Archive call(message.bytes());
    std::uint64_t client = 0;
    call(client);
    Archive reply;
    bool succeeded = true;
    try {
      Call what{};
      Archive peek(message.bytes());
      peek(client, what);
      if (what == Call::hello) {
        // A client never writes to its reply pipe, so it is ready only at end of file: the client
        // has ended.
        std::erase_if(clients_, [](const auto& other) { return other.second.ready(); });
        call(what, clients_[client]);
        continue;
      }
      reply(succeeded);
      answer(call, reply);
    } catch (const runtime::Stopped&) {
      throw;
    } catch (...) {
      succeeded = false;
      std::string text = to_text(std::current_exception());
      reply.clear();
      reply(succeeded, text);
    }
    try {
      clients_[client].send_bytes(reply.bytes());
    } catch (const OSError&) {
      clients_.erase(client);  // the client has ended
    }
  }
}

std::uint32_t ManagerServer::make(Thing thing) {
  things_.push_back(std::move(thing));
  return static_cast<std::uint32_t>(things_.size() - 1);
}

void ManagerServer::answer(Archive& call, Archive& reply) {
  Call what{};
  call(what);
  if (what == Call::make_dict || what == Call::make_namespace || what == Call::make_list) {
    std::uint32_t made = what == Call::make_list ? make(List()) : make(Dict());
    reply(made);
    return;
  }
  std::uint32_t index = 0;
  call(index);
  if (index >= things_.size()) throw RuntimeError("the manager has no such object");
  std::visit([&](auto& thing) { answer_about(thing, what, call, reply); }, things_[index]);
}

void ManagerServer::answer_about(Dict& dict, Call call, Archive& arguments, Archive& reply) {
  Bytes key;
  const auto find = [&] {
    arguments(key);
    return dict.values.find(key);
  };
  const auto find_or_fail = [&] {
    const auto found = find();
    if (found == dict.values.end()) throw KeyError("there is no such key");
    return found;
  };
  switch (call) {
    case Call::set: {
      auto found = find();
      if (found == dict.values.end()) {
        found = dict.values.emplace(key, Value{dict.next_order++, {}}).first;
      }
      arguments(found->second.bytes);
      return;
    }
    case Call::set_default: {
      const auto found = find();
      Bytes value;
      arguments(value);
      reply(dict.values.emplace(key, Value{dict.next_order++, value}).first->second.bytes);
      static_cast<void>(found);
      return;
    }
    case Call::get: reply(find_or_fail()->second.bytes); return;
    case Call::has: {
      bool has = find() != dict.values.end();
      reply(has);
      return;
    }
    case Call::erase: dict.values.erase(find_or_fail()); return;
    case Call::pop: {
      const auto found = find_or_fail();
      reply(found->second.bytes);
      dict.values.erase(found);
      return;
    }
    case Call::size: {
      auto size = static_cast<std::uint64_t>(dict.values.size());
      reply(size);
      return;
    }
    case Call::items: {
      std::vector<std::pair<std::uint64_t, std::pair<Bytes, Bytes>>> items;
      for (const auto& [name, value] : dict.values) {
        items.push_back({value.order, {name, value.bytes}});
      }
      std::ranges::sort(items, {}, [](const auto& item) { return item.first; });
      std::vector<std::pair<Bytes, Bytes>> in_order;
      for (auto& item : items) in_order.push_back(std::move(item.second));
      reply(in_order);
      return;
    }
    case Call::clear: dict.values.clear(); return;
    default: throw RuntimeError("a dict has no such method");
  }
}

void ManagerServer::answer_about(List& list, Call call, Archive& arguments, Archive& reply) {
  std::int64_t index = 0;
  // The element at the request's index; a negative one counts from the end.
  const auto place = [&] {
    arguments(index);
    const auto size = static_cast<std::int64_t>(list.size());
    if (index < 0) index += size;
    if (index < 0 || index >= size) throw IndexError("list index out of range");
    return list.begin() + static_cast<std::ptrdiff_t>(index);
  };
  switch (call) {
    case Call::append: arguments(list.emplace_back()); return;
    case Call::insert: {
      arguments(index);
      const auto size = static_cast<std::int64_t>(list.size());
      index = std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
      arguments(*list.emplace(list.begin() + static_cast<std::ptrdiff_t>(index)));
      return;
    }
    case Call::set_at: arguments(*place()); return;
    case Call::get_at: reply(*place()); return;
    case Call::pop_at: {
      const auto found = place();
      reply(*found);
      list.erase(found);
      return;
    }
    case Call::size: {
      auto size = static_cast<std::uint64_t>(list.size());
      reply(size);
      return;
    }
    case Call::items: reply(list); return;
    case Call::clear: list.clear(); return;
    default: throw RuntimeError("a list has no such method");
  }
}

const Entry<void (*)(MessageQueue)> manager_server("weft.multiprocessing.manager_server",
                                                   [](MessageQueue calls) {
                                                     ManagerServer().serve(std::move(calls));
                                                   });

}  // namespace weft::multiprocessing
