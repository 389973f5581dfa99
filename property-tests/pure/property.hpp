#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <initializer_list>
#include <string>

/// What holds for everything that can be drawn, and how we know that a fault would be noticed.
///
/// Shape      A property is a function that draws (`*generator`), asserts (`RC_ASSERT`), and says which
///            situation it is in (`reached`). A property about something that is replaceable is checked
///            twice: with the real thing, and with ones that are broken on purpose.
/// Errors     What fails is shrunk, and printed with what repeats exactly it (RC_PARAMS).
/// Threads    One.
namespace twostep::properties {

using Property = std::function<void()>;

/// Says that the case at hand is one of those that `expect_always` wants to see.
void reached(const char* situation, bool is_it = true);

/// Expects that the property holds, and that what was drawn reached each of the situations: a promise
/// about long texts is not kept by looking at short ones.
void expect_always(const Property& property, std::initializer_list<std::string> situations = {});

/// Expects that the property is refuted: it is about something that is broken on purpose.
void expect_refuted(const Property& property);

}  // namespace twostep::properties
