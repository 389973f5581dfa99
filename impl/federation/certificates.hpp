#pragma once

#include <openssl/types.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/system/result.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "impl/core/ids.hpp"

/// Who a backend can prove to be.
///
/// A certificate names a backend by a DNS name among its subject alternative names, spelled out. A
/// common name says nothing. Neither does a wildcard: a backend is one domain, and who may speak for
/// it is not who may speak for whatever is named beneath it. Where DNS leads plays no part either:
/// whoever can forge an answer of the DNS would else choose whose certificate counts.
///
/// Shape      TLS 1.3 and nothing older, in both directions with a certificate that our authority
///            signed, directly or through a short chain, for this use. Nothing is resumed, so that
///            every connection is judged by the certificate of today.
/// Errors     Files that are missing, do not belong together, or do not name our own domain: a
///            sentence for the person who starts the server.
/// Threads    Contexts may be used from any thread once they are made.
/// Source     specs/09-federation.md (FED).
namespace twostep::federation {

struct CertificateFiles {
  std::filesystem::path certificate;  ///< PEM: ours, and what leads from it to the authority.
  std::filesystem::path key;
  std::filesystem::path authority;  ///< PEM: whose signature on a peer's certificate counts.
};

/// The two ends of a connection differ in what a certificate has to be good for.
struct TlsContexts {
  std::unique_ptr<boost::asio::ssl::context> as_client;
  std::unique_ptr<boost::asio::ssl::context> as_server;
};

struct CertificateFailure {
  std::string reason;
};

[[noreturn]] void throw_exception_from_error(const CertificateFailure& failure,
                                             const boost::source_location&);

boost::system::result<TlsContexts, CertificateFailure> load_certificates(
    const CertificateFiles& files, const Domain& self);

/// How OpenSSL compares a name: X509_CHECK_FLAG_… for `X509_check_host` and `SSL_set_hostflags`.
extern const unsigned certificate_name_rules;

bool certificate_names(X509& certificate, const Domain& domain);

}  // namespace twostep::federation
