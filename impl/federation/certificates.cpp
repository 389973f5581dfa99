#include "impl/federation/certificates.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "impl/federation/limits.hpp"

namespace twostep::federation {

namespace ssl = boost::asio::ssl;

const unsigned certificate_name_rules =
    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_WILDCARDS;

namespace {

using Loaded = boost::system::result<std::unique_ptr<ssl::context>, CertificateFailure>;

// At least 112 bits of strength for every key and signature, whatever the system's default.
constexpr int security_level = 2;

Loaded load(const CertificateFiles& files, ssl::context::method method) {
  auto context = std::make_unique<ssl::context>(method);
  auto* const native = context->native_handle();
  SSL_CTX_set_security_level(native, security_level);
  SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_verify_depth(native, limits::certificate_chain_max);

  boost::system::error_code error;
  const auto failed = [&](const std::filesystem::path& file) {
    return CertificateFailure{file.native() + ": " + error.message()};
  };
  if (context->load_verify_file(files.authority.native(), error); error) {
    return failed(files.authority);
  }
  if (context->use_certificate_chain_file(files.certificate.native(), error); error) {
    return failed(files.certificate);
  }
  if (context->use_private_key_file(files.key.native(), ssl::context::pem, error); error) {
    return failed(files.key);
  }
  if (SSL_CTX_check_private_key(native) != 1) {
    return CertificateFailure{files.key.native() + " is not the key of " +
                              files.certificate.native()};
  }
  return context;
}

}  // namespace

void throw_exception_from_error(const CertificateFailure& failure, const boost::source_location&) {
  throw std::logic_error{failure.reason};
}

bool certificate_names(X509& certificate, const Domain& domain) {
  return X509_check_host(&certificate, domain.text().data(), domain.text().size(),
                         certificate_name_rules, nullptr) == 1;
}

boost::system::result<TlsContexts, CertificateFailure> load_certificates(
    const CertificateFiles& files, const Domain& self) {
  auto as_client = load(files, ssl::context::tls_client);
  if (!as_client) return as_client.error();
  auto as_server = load(files, ssl::context::tls_server);
  if (!as_server) return as_server.error();
  auto* const ours = SSL_CTX_get0_certificate((*as_server)->native_handle());
  if (!certificate_names(*ours, self)) {
    return CertificateFailure{files.certificate.native() + " does not name " + self.text() +
                              " among its subject alternative names"};
  }
  return TlsContexts{.as_client = std::move(*as_client), .as_server = std::move(*as_server)};
}

}  // namespace twostep::federation
