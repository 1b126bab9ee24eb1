#pragma once

#include <string>

namespace weft::playground {

/// Every demo's declaration, as JSON.
std::string catalogue();

}  // namespace weft::playground
