#pragma once

#include <vector>

namespace weft::demos::dining_philosophers {

/// Jain's index of how evenly something is shared out: 1 if everybody has the same, 1/n if one has
/// everything. 1 if there is nothing to share.
double fairness(const std::vector<double>& shares);

}  // namespace weft::demos::dining_philosophers
