#include "demos/kit/demo.h"

#include <algorithm>

namespace weft::demos {
namespace {

std::vector<const Demo*>& registry() {
  static std::vector<const Demo*> demos;
  return demos;
}

}  // namespace

const std::vector<const Demo*>& all() { return registry(); }

const Demo* find(std::string_view id) {
  const auto& demos = registry();
  const auto found = std::ranges::find(demos, id, [](const Demo* demo) { return demo->id; });
  return found == demos.end() ? nullptr : *found;
}

Registered::Registered(Demo& demo, void (*run)(const Params& params, Run& run)) {
  demo.run = run;
  auto& demos = registry();
  const auto place =
      std::ranges::lower_bound(demos, demo.id, {}, [](const Demo* other) { return other->id; });
  demos.insert(place, &demo);
}

}  // namespace weft::demos
