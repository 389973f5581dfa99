#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/support/http.hpp"

/// Somebody who makes requests: nobody in particular, a user, or a device.
///
/// A caller is a handle; copies speak over the same connection with the same token.
namespace twostep::conformance {

struct RequestOptions {
  std::string content_type = "application/json";  ///< "" sends none.
  std::vector<Header> headers = {};
  bool authorized = true;  ///< Send the caller's access token, if it has one.
  bool versioned = true;   ///< Put `/v<N>` of the target before the path.
};

class Caller {
 public:
  /// `token` may be empty: then requests carry no `Authorization`.
  Caller(std::string name, std::string token);

  Reply get(const std::string& path, const RequestOptions& options = {}) const;
  Reply post(const std::string& path, const Json& body, const RequestOptions& options = {}) const;
  Reply post(const std::string& path) const;  ///< Without a body.
  Reply put(const std::string& path, const Json& body, const RequestOptions& options = {}) const;
  Reply del(const std::string& path, const RequestOptions& options = {}) const;
  Reply del_with(const std::string& path, const Json& body,
                 const RequestOptions& options = {}) const;

  /// Anything at all: `body` goes out byte for byte. Paths that have no version (`/access…`,
  /// `/await`, `/api-version`) get none whatever the options say.
  Reply request(const std::string& method, const std::string& path, const std::string& body,
                const RequestOptions& options = {}) const;

  const std::string& name() const;
  const std::string& token() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Ends the test as *unknown* unless the reply has one of these statuses.
/// @param step  what was being set up, for instance "registering alice".
void require_setup(const Reply& reply, std::initializer_list<int> statuses,
                   const std::string& step);

}  // namespace twostep::conformance
