#include "conformance/support/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

constexpr long day_seconds = 24 * 60 * 60;

template <auto Free>
struct FreeWith {
  template <typename Object>
  void operator()(Object* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using X509Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;

void must(bool done, const char* what) {
  if (!done) throw SetupFailed(std::string("certificates: ") + what);
}

struct Identity {
  Key key;
  X509Certificate certificate;
};

/// Reads the first object of a PEM file.
template <typename Read>
auto from_pem(const std::string& file, Read read) {
  const std::unique_ptr<BIO, FreeWith<BIO_free_all>> in{BIO_new_file(file.c_str(), "r")};
  must(in != nullptr, ("cannot read " + file).c_str());
  return read(in.get(), nullptr, nullptr, nullptr);
}

Identity authority() {
  const auto& files = context().target.federation->authority;
  must(files.has_value(), "the target file names no authority");
  Identity identity{Key{from_pem(files->key, PEM_read_bio_PrivateKey)},
                    X509Certificate{from_pem(files->certificate, PEM_read_bio_X509)}};
  must(identity.key && identity.certificate, "the authority's files are not PEM");
  return identity;
}

void add_extension(X509& certificate, int id, const std::string& value) {
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
  must(extension != nullptr && X509_add_ext(&certificate, extension, -1) == 1, "an extension");
  X509_EXTENSION_free(extension);
}

void set_times(X509& certificate, CertificateWish::Validity validity) {
  long from = -day_seconds;
  long until = day_seconds;
  if (validity == CertificateWish::Validity::over) until = from + day_seconds / 2;
  if (validity == CertificateWish::Validity::not_yet) from = until - day_seconds / 2;
  X509_gmtime_adj(X509_getm_notBefore(&certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(&certificate), until);
}

void set_name(X509& certificate, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(X509_get_subject_name(&certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
}

X509Certificate unsigned_certificate(EVP_PKEY& key, const CertificateWish& wish) {
  X509Certificate certificate{X509_new()};
  must(X509_set_version(certificate.get(), X509_VERSION_3) == 1, "a version");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), *from_hex(random_hex(15)));
  X509_set_pubkey(certificate.get(), &key);
  set_times(*certificate, wish.validity);
  set_name(*certificate, "a peer of the suite");
  add_extension(*certificate, NID_subject_alt_name, "DNS:" + wish.domain);
  const auto* purpose = wish.purpose == CertificateWish::Purpose::clients ? "clientAuth"
                        : wish.purpose == CertificateWish::Purpose::servers
                            ? "serverAuth"
                            : "clientAuth,serverAuth";
  add_extension(*certificate, NID_ext_key_usage, purpose);
  return certificate;
}

/// An authority that nobody trusts.
Identity stranger() {
  Identity identity{Key{EVP_EC_gen("P-256")}, X509Certificate{X509_new()}};
  X509_set_version(identity.certificate.get(), X509_VERSION_3);
  X509_set_pubkey(identity.certificate.get(), identity.key.get());
  set_times(*identity.certificate, CertificateWish::Validity::now);
  set_name(*identity.certificate, "an authority that nobody trusts");
  return identity;
}

Identity issued(const CertificateWish& wish) {
  Identity identity{Key{EVP_EC_gen("P-256")}, nullptr};
  must(identity.key != nullptr, "a key");
  identity.certificate = unsigned_certificate(*identity.key, wish);
  auto& certificate = *identity.certificate;
  if (wish.issuer == CertificateWish::Issuer::itself) {
    X509_set_issuer_name(&certificate, X509_get_subject_name(&certificate));
    must(X509_sign(&certificate, identity.key.get(), EVP_sha256()) > 0, "a signature");
    return identity;
  }
  const auto issuer = wish.issuer == CertificateWish::Issuer::authority ? authority() : stranger();
  X509_set_issuer_name(&certificate, X509_get_subject_name(issuer.certificate.get()));
  must(X509_sign(&certificate, issuer.key.get(), EVP_sha256()) > 0, "a signature");
  return identity;
}

TlsEnd end_that_trusts_the_authority() {
  TlsEnd end{SSL_CTX_new(TLS_method()), SSL_CTX_free};
  must(end != nullptr, "no TLS");
  SSL_CTX_set_min_proto_version(end.get(), TLS1_3_VERSION);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(end.get()), authority().certificate.get());
  SSL_CTX_set_verify(end.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_session_cache_mode(end.get(), SSL_SESS_CACHE_OFF);
  return end;
}

}  // namespace

TlsEnd tls_end(const CertificateWish& wish, Belief belief) {
  auto end = end_that_trusts_the_authority();
  if (belief == Belief::anybody) SSL_CTX_set_verify(end.get(), SSL_VERIFY_NONE, nullptr);
  const auto identity = issued(wish);
  must(SSL_CTX_use_certificate(end.get(), identity.certificate.get()) == 1 &&
           SSL_CTX_use_PrivateKey(end.get(), identity.key.get()) == 1,
       "a certificate that cannot be used");
  return end;
}

TlsEnd tls_end_without_certificate() { return end_that_trusts_the_authority(); }

}  // namespace twostep::conformance
