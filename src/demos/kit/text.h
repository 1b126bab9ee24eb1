#pragma once

#include <string>
#include <string_view>

namespace weft::demos {

/// A text in the languages of the page.
struct Text {
#ifndef WEFT_WITHOUT_TEXTS
  std::string en;
  std::string zh;
#else
  // The page has the texts from the catalogue; the program that it loads leaves them out.
  constexpr Text() = default;
  constexpr Text(std::string_view, std::string_view) noexcept {}
#endif
};

}  // namespace weft::demos
