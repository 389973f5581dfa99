#pragma once

#include <string>
#include <vector>

#include "model/explore/loss/loss.hpp"

/// What was measured, as a table for people, as CSV, and as a picture: share of lost messages over skew.
namespace twostep::model::explore {

std::string table(const std::vector<Measured>& measured);
std::string csv(const std::vector<Measured>& measured);

/// A line for each commit delay and rate; both axes logarithmic, zero at their beginnings.
std::string svg(const std::vector<Measured>& measured);

}  // namespace twostep::model::explore
