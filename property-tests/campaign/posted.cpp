#include "property-tests/campaign/posted.hpp"

#include "otr.pb.h"

namespace twostep::properties {
namespace {

void add(google::protobuf::RepeatedPtrField<proteus::QualifiedUserId>* list, const Users& users) {
  for (const auto& [domain, ids] : users)
    for (const auto& user : ids) {
      auto* name = list->Add();
      name->set_domain(domain.text());
      name->set_id(user.text());
    }
}

}  // namespace

std::string protobuf_of(const NewMessage& message) {
  proteus::QualifiedNewOtrMessage out;
  out.mutable_sender()->set_client(message.sender.value);
  for (const auto& [domain, users] : message.recipients) {
    auto* of_domain = out.add_recipients();
    of_domain->set_domain(domain.text());
    for (const auto& [user, texts] : users) {
      auto* of_user = of_domain->add_entries();
      of_user->mutable_user()->set_uuid(std::string{user.bytes()});
      for (const auto& [client, text] : texts) {
        auto* of_client = of_user->add_clients();
        of_client->mutable_client()->set_client(client.value);
        of_client->set_text(text);
      }
    }
  }
  out.set_native_push(message.native_push);
  out.set_transient(message.transient);
  if (!message.blob.empty()) out.set_blob(message.blob);
  if (const auto* only = std::get_if<ReportOnly>(&message.strategy)) {
    add(out.mutable_report_only()->mutable_user_ids(), only->users);
  } else if (const auto* but = std::get_if<IgnoreOnly>(&message.strategy)) {
    add(out.mutable_ignore_only()->mutable_user_ids(), but->users);
  } else if (std::holds_alternative<IgnoreAll>(message.strategy)) {
    out.mutable_ignore_all();
  } else {
    out.mutable_report_all();
  }
  return out.SerializeAsString();
}

}  // namespace twostep::properties
