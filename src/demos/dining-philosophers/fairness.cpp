#include "demos/dining-philosophers/fairness.h"

namespace weft::demos::dining_philosophers {

double fairness(const std::vector<double>& shares) {
  double sum = 0;
  double sum_of_squares = 0;
  for (const double share : shares) {
    sum += share;
    sum_of_squares += share * share;
  }
  if (sum_of_squares == 0) return 1;
  return sum * sum / (static_cast<double>(shares.size()) * sum_of_squares);
}

}  // namespace weft::demos::dining_philosophers
