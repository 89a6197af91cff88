// Certificates made on the spot, for tests of what a client accepts. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

#include "lode/base/assert.h"

namespace lode::net {

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using TlsServer = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;

// What a server's certificate says.
struct CertificateOptions {
  std::string names = "IP:127.0.0.1";  // subjectAltName
  long from_seconds = -3600;           // From now.
  long to_seconds = 3600;
  bool is_by_authority = true;  // Else signed by itself.
};

// An authority of its own, and servers it vouches for.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& folder)
      : key_(make_key()), certificate_(make("authority", nullptr, {}, true)) {
    path_ = folder + "/authority.pem";
    std::FILE* file = std::fopen(path_.c_str(), "w");
    LODE_ASSERT(file != nullptr && PEM_write_X509(file, certificate_.get()) == 1);
    std::fclose(file);
  }
  const std::string& path() const { return path_; }  // Of its certificate.

  // A server's settings; `newest`: the highest protocol it speaks (TLS1_1_VERSION for an old one).
  TlsServer server(const CertificateOptions& options, int newest = TLS1_3_VERSION) const {
    const Key key = make_key();
    const Certificate certificate = make("server", key.get(), options, false);
    TlsServer out(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_security_level(out.get(), 0);
    LODE_ASSERT(SSL_CTX_use_certificate(out.get(), certificate.get()) == 1);
    LODE_ASSERT(SSL_CTX_use_PrivateKey(out.get(), key.get()) == 1);
    SSL_CTX_set_min_proto_version(out.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(out.get(), newest);
    return out;
  }

 private:
  static Key make_key() { return Key(EVP_RSA_gen(2048)); }

  Certificate make(const char* name, EVP_PKEY* key, const CertificateOptions& options, bool is_authority) const {
    static long serial = 1;
    Certificate out(X509_new());
    X509* made = out.get();
    EVP_PKEY* own = key == nullptr ? key_.get() : key;
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made), options.from_seconds);
    X509_gmtime_adj(X509_getm_notAfter(made), options.to_seconds);
    X509_set_pubkey(made, own);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    const bool is_own = is_authority || !options.is_by_authority;
    X509_set_issuer_name(made, X509_get_subject_name(is_own ? made : certificate_.get()));
    add(made, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!is_authority) {
      add(made, NID_subject_alt_name, options.names);
    }
    LODE_ASSERT(X509_sign(made, is_own ? own : key_.get(), EVP_sha256()) > 0);
    return out;
  }
  static void add(X509* to, int what, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
    LODE_ASSERT(extension != nullptr);
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
  }

  Key key_;
  Certificate certificate_;
  std::string path_;
};

}  // namespace lode::net
