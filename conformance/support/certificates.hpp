#pragma once

#include <memory>
#include <string>

// OpenSSL's own name for it; its headers stay out of ours.
struct ssl_ctx_st;

/// Certificates that the suite issues to its peers, good ones and others.
///
/// The target file names an authority that the target trusts, with its key (`federation.authority`); peers
/// prove with it who they are.
///
/// Errors     A key or certificate that cannot be read or made ends the test as *unknown*.
/// Threads    Values may be used from any thread.
/// Source     RFC 5280; specs/09-federation.md FED-03 to FED-06.
namespace twostep::conformance {

/// What a certificate says. What is left out is right.
struct CertificateWish {
  enum class Issuer { authority, stranger, itself };
  enum class Validity { now, over, not_yet };
  enum class Purpose { any, clients, servers };

  std::string domain;  ///< Its only subject alternative name.
  Issuer issuer = Issuer::authority;
  Validity validity = Validity::now;
  Purpose purpose = Purpose::any;
};

/// One end of TLS: whom it proves to be, and that it believes those whom the authority has named.
using TlsEnd = std::shared_ptr<ssl_ctx_st>;

enum class Belief { those_of_the_authority, anybody };

/// Speaks TLS 1.3 with such a certificate, as client and as server.
TlsEnd tls_end(const CertificateWish& wish, Belief belief = Belief::those_of_the_authority);

/// The same, as a client without a certificate.
TlsEnd tls_end_without_certificate();

}  // namespace twostep::conformance
