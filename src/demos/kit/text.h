#pragma once

#include <string>

namespace weft::demos {

/// A text in the languages of the page.
struct Text {
  std::string en;
  std::string zh;
};

}  // namespace weft::demos
