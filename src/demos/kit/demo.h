#pragma once

#include <string_view>
#include <vector>

#include "demos/kit/number.h"
#include "demos/kit/parameter.h"
#include "demos/kit/params.h"
#include "demos/kit/run.h"

namespace weft::demos {

/// Something that a demo measures; Run::result gives it its value.
struct Result {
  std::string_view name;
  Text label;
  Text unit = {};
};

/// Something that must hold; Run::check says whether it does.
struct Check {
  std::string_view name;
  Text label;
};

/// A number that a demo measures many times; Run::sample adds one. Views show how they are distributed.
struct Sample {
  std::string_view name;
  Text label;
  Text unit = {};
};

/// A table that a demo fills; Run::row adds a row.
struct Table {
  struct Column {
    Text label;
    Text unit = {};
    /// What certain cells mean: views show the label of a cell that is one of the values.
    std::vector<Parameter::Choice> values = {};
  };
  std::string_view name;
  Text label;
  std::vector<Column> columns;
};

/// A demo: what it is, what can be chosen, what it reports, and the program itself. Its names
/// are literals.
struct Demo {
  std::string_view id;
  std::string_view topic;
  Text title;
  Text summary;
  std::vector<Parameter> parameters;
  std::vector<Result> results;
  std::vector<Check> checks;
  void (*run)(const Params& params, Run& run);
  std::vector<Sample> samples = {};
  std::vector<Table> tables = {};
  /// Not on the list: a tool for tests and benchmarks, reached by its id.
  bool hidden = false;
};

/// Every demo that is linked in, by id.
const std::vector<const Demo*>& all();

/// Null if there is none of that id.
const Demo* find(std::string_view id);

/// Makes a demo known: `const Registered registered(demo);` at the end of its demo.cpp.
struct Registered {
  explicit Registered(const Demo& demo);
};

}  // namespace weft::demos
