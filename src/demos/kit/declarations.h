#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "demos/kit/declared.h"
#include "demos/kit/parameter.h"

namespace weft::demos {

/// Something that a demo measures; Run::result gives it its value.
struct ResultEntry {
  std::string_view name;
  Text label;
  Text unit = {};
};

/// Something that must hold; Run::check says whether it does.
struct CheckEntry {
  std::string_view name;
  Text label;
};

/// A number that a demo measures many times; Run::sample adds one. Views show how they are distributed.
struct SampleEntry {
  std::string_view name;
  Text label;
  Text unit = {};
};

/// A table that a demo fills; Run::row adds a row.
struct TableEntry {
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

/// What can be chosen and what is reported. A class that derives from it declares its members by these
/// functions, and each is entered in the order of declaration:
///   Integer workers = integer("workers", {1, 32}, 4, …);
///   Result elapsed_ms = result("elapsed_ms", …);
/// Names are literals.
class Declarations {
 public:
  std::vector<Parameter> parameters;
  std::vector<ResultEntry> results;
  std::vector<CheckEntry> checks;
  std::vector<SampleEntry> samples;
  std::vector<TableEntry> tables;

 protected:
  /// "workers", 1 to 32, by default 4: integer("workers", {1, 32}, 4, …)
  Integer integer(std::string_view name, Range<std::int64_t> range, std::int64_t default_value,
                  Text label, Text help, Text unit = {});
  Real real(std::string_view name, Range<double> range, double default_value, Text label, Text help,
            Text unit = {});
  Choice choice(std::string_view name, std::vector<Parameter::Choice> choices,
                std::string_view default_value, Text label, Text help);
  Boolean boolean(std::string_view name, bool default_value, Text label, Text help);
  /// The seed of everything random in a run: an integer by the name of "seed".
  Integer random_seed();

  /// A parameter, declared in place, that matters only while another one has this value:
  ///   Real patience_ms = only_when(strategy, "timeout", real("patience_ms", …));
  template <class Value>
  Declared<Value> only_when(Choice other, std::string_view is, Declared<Value> parameter) {
    parameters.back().when = {other.name(), is};
    return parameter;
  }
  template <class Value>
  Declared<Value> only_when(Boolean other, bool is, Declared<Value> parameter) {
    parameters.back().when = {other.name(), is ? "true" : "false"};
    return parameter;
  }

  /// A parameter, declared in place, that is a number of threads:
  ///   Integer workers = counts_threads(integer("workers", …));
  Integer counts_threads(Integer parameter) {
    parameters.back().counts_threads = true;
    return parameter;
  }

  Result result(std::string_view name, Text label, Text unit = {});
  Check check(std::string_view name, Text label);
  Sample sample(std::string_view name, Text label, Text unit = {});
  template <std::size_t columns>
  Table<columns> table(std::string_view name, Text label, TableEntry::Column (&&column)[columns]) {
    tables.push_back({name, std::move(label), {std::begin(column), std::end(column)}});
    return Table<columns>(name);
  }
};

}  // namespace weft::demos
