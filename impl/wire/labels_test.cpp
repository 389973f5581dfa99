#include "impl/wire/labels.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace twostep::wire {
namespace {

TEST(Labels, ClientsGetACodeALabelAndAMessageNoneOfThemEmpty) {
  for (int i = 0; i <= static_cast<int>(Reason::internal); ++i) {
    const auto label = label_of(static_cast<Reason>(i));
    const auto body = nlohmann::json::parse(error_body({static_cast<Reason>(i)}));

    EXPECT_EQ(body,
              (nlohmann::json{
                  {"code", label.status}, {"label", label.label}, {"message", label.message}}));
    EXPECT_GE(label.status, 400);
    EXPECT_FALSE(label.label.empty());
    EXPECT_FALSE(label.message.empty());
  }
}

TEST(Labels, MessagesThatClientsMatchAreExact) {
  EXPECT_EQ(label_of(Reason::invalid_credentials).message, "Authentication failed.");
  EXPECT_EQ(label_of(Reason::token_expired).message, "Token expired");
  EXPECT_EQ(label_of(Reason::missing_cookie).message, "Missing cookie");
  EXPECT_EQ(label_of(Reason::missing_cookie_and_token).message, "Missing cookie and token");
  EXPECT_EQ(label_of(Reason::invalid_token).message, "Invalid token");
}

TEST(Labels, TheDetailIsTheMessage) {
  EXPECT_EQ(error_body({Reason::bad_request, "name: \"\x01\xff\" is no text"}),
            R"({"code":400,"label":"bad-request","message":"name: \"\u0001)"
            "\xEF\xBF\xBD"
            R"(\" is no text"})");
}

TEST(Labels, UnreachableBackendsHaveABodyOfTheirOwn) {
  const Refusal refusal{
      .reason = Reason::unreachable_backends,
      .fault = std::make_shared<PeerFault>(
          PeerFault{.domains = {*Domain::parse("b.example"), *Domain::parse("c.example")}})};
  EXPECT_EQ(error_body(refusal), R"({"unreachable_backends":["b.example","c.example"]})");
}

TEST(Labels, WhatWentWrongInsideStaysInside) {
  EXPECT_EQ(error_body({Reason::internal, "password is hunter2"}),
            R"({"code":500,"label":"server-error","message":"Internal Server Error"})");
}

}  // namespace
}  // namespace twostep::wire
