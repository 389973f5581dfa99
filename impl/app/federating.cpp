#include "impl/app/federating.hpp"

#include <string>
#include <utility>

namespace twostep::app {
namespace {

namespace net = boost::asio;

federation::Inbound::Answer answer_with(service::Backend& backend) {
  return [&backend](service::PeerRequest request) {
    return service::answer_peer(backend, std::move(request));
  };
}

server::Serve serve_with(const federation::Inbound& inbound) {
  return [&inbound](net::ip::tcp::socket socket, server::Sessions::Seat& seat) {
    return federation::serve_peer(std::move(socket), inbound, seat);
  };
}

}  // namespace

Federating::Made Federating::make(const Config& config, net::io_context& context,
                                  service::Backend& backend, server::Metrics& metrics,
                                  server::Log& log) {
  federation::TlsContexts tls;
  if (!config.federation.insecure) {
    auto loaded = federation::load_certificates(config.federation.certificates, *config.domain);
    if (!loaded) return StartFailure{loaded.error().reason};
    tls = *std::move(loaded);
  }
  try {
    return std::unique_ptr<Federating>{
        new Federating{config, std::move(tls), context, backend, metrics, log}};
  } catch (const boost::system::system_error& error) {
    const auto& listen = *config.federation.listen;
    return StartFailure{"cannot listen for peers at " + listen.address().to_string() + " port " +
                        std::to_string(listen.port()) + ": " + error.code().message()};
  }
}

Federating::Federating(const Config& config, federation::TlsContexts tls, net::io_context& context,
                       service::Backend& backend, server::Metrics& metrics, server::Log& log)
    : list_{*config.domain, config.federation.peers},
      tls_{std::move(tls)},
      discovery_{federation::Dns{context.get_executor(), config.federation.dns_server},
                 config.federation.found_addresses},
      inbound_{.peers = list_,
               .tls = tls_.as_server.get(),
               .answer = answer_with(backend),
               .metrics = metrics,
               .log = log},
      client_{context.get_executor(),
              {.self = *config.domain,
               .peers = list_,
               .discovery = discovery_,
               .tls = tls_.as_client.get(),
               .metrics = metrics,
               .log = log}},
      listener_{context, *config.federation.listen, serve_with(inbound_), log,
                federation::limits::connections_max} {}

}  // namespace twostep::app
