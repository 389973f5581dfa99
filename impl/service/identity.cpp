#include "impl/service/identity.hpp"

#include "impl/service/change.hpp"
#include "impl/store/key.hpp"

namespace twostep::service {

boost::asio::awaitable<Result<std::string>> domain_of_rows(Backend& backend) {
  co_return co_await change(backend, [&](store::Transaction& rows, Events&) -> Result<std::string> {
    const auto name = store::Key{store::Table::backend}.add(std::string_view{"domain"}).bytes();
    if (const auto known = rows.get(name)) return std::string{*known};
    rows.put(name, backend.domain.text());
    return backend.domain.text();
  });
}

}  // namespace twostep::service
