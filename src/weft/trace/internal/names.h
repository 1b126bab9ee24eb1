#pragma once

#include "weft/trace/kinds.h"

namespace weft::trace {

#define WEFT_CASE(name, number, ...) \
  case number: return #name;
#define WEFT_CLASS_CASE(name, number, class_name) \
  case number: return class_name;

constexpr const char* name_of(Reason reason) {
  switch (static_cast<std::uint32_t>(reason)) { WEFT_TRACE_REASONS(WEFT_CASE) }
  return "";
}

constexpr const char* name_of(ObjectType type) {
  switch (static_cast<std::uint32_t>(type)) { WEFT_TRACE_OBJECT_TYPES(WEFT_CASE) }
  return "";
}

/// The prefix of an unnamed object's default name.
constexpr const char* class_name(ObjectType type) {
  switch (static_cast<std::uint32_t>(type)) { WEFT_TRACE_OBJECT_TYPES(WEFT_CLASS_CASE) }
  return "Object";
}

#undef WEFT_CLASS_CASE
#undef WEFT_CASE

}  // namespace weft::trace
