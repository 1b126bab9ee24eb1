#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "demos/kit/declarations.h"
#include "demos/kit/number.h"
#include "demos/kit/params.h"
#include "demos/kit/run.h"

namespace weft::demos {

/// What a demo is. Its names are literals.
struct About {
  std::string_view id;
  std::string_view topic;
  Text title;
  Text summary;
  /// Not on the list: a tool for tests and benchmarks, reached by its id.
  bool hidden = false;
};

/// A demo: what it is, what it declares, and the program itself, its body.
struct Demo : About, Declarations {
  explicit Demo(About about) : About(std::move(about)) {}

  void (*run)(const Params& params, Run& run) = nullptr;
};

/// Every demo that is linked in, by id.
const std::vector<const Demo*>& all();

/// Null if there is none of that id.
const Demo* find(std::string_view id);

/// Makes a demo known, with its body: `const Registered registered(demo, run);` at the end of its
/// demo.cpp.
struct Registered {
  Registered(Demo& demo, void (*run)(const Params& params, Run& run));
};

}  // namespace weft::demos
