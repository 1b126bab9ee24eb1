#pragma once

#include <string>

namespace weft::playground {

/// Every demo's declaration and the numbers of the trace format, as JSON.
std::string catalogue();

}  // namespace weft::playground
