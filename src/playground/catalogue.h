#pragma once

#include <string>

namespace weft::playground {

/// The declarations of all demos, as JSON.
std::string catalogue();

}  // namespace weft::playground
