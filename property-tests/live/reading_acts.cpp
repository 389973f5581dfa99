#include "property-tests/live/author.hpp"

/// Chapters 2 and 3: sockets, pages, single notifications.
namespace twostep::live {
namespace {

std::string quoted(const std::string& name) { return '<' + name + '>'; }

void open_socket(Author& author) {
  auto& draw = author.draw;
  const auto& user = author.person();
  const auto as = author.client_actor(user);
  std::string path = "/await";
  if (!draw.one_in(4)) path += "?client=" + quoted(draw.one_in(6) ? author.client_of(user) : as);
  const auto name = author.fresh("socket");
  author.sockets.push_back(name);
  author.commands.push_back({.as = as, .act = "open", .path = path, .names = {{name, ""}}});
}

void read_frames(Author& author) {
  if (author.sockets.empty()) return open_socket(author);
  author.commands.push_back({.act = "frames", .path = author.draw.of(author.sockets)});
}

void say_something(Author& author) {
  if (author.sockets.empty()) return;
  author.commands.push_back({.act = "say",
                             .path = author.draw.of(author.sockets),
                             .form = "text",
                             .body = author.draw.word({"ping", "hello", "{}", ""})});
}

void hang_up(Author& author) {
  if (author.sockets.empty()) return;
  author.commands.push_back({.act = "hang up", .path = author.draw.of(author.sockets)});
}

void read_page(Author& author) {
  auto& draw = author.draw;
  const auto& user = author.person();
  Command command{.as = author.client_actor(user), .act = "GET", .path = "/notifications"};
  char separator = '?';
  const auto put = [&](const std::string& parameter) {
    command.path += separator + parameter;
    separator = '&';
  };
  if (!draw.one_in(3))
    put("client=" + quoted(author.client_of(draw.one_in(8) ? author.person() : user)));
  const bool from_the_newest = draw.one_in(3);
  if (from_the_newest) {
    put("since=<" + user + "#last>");
  } else if (draw.one_in(2)) {
    put("since=" + author.notification_of(draw.one_in(10) ? author.person() : user));
  }
  // Before that there may be events of a connection's conversation, which would be counted.
  if (draw.one_in(3))
    put(std::string{"size="} + (from_the_newest ? draw.word({"100", "101"})
                                                : draw.word({"10000", "1000", "99", "10001"})));
  if (draw.one_in(12))
    put(std::string{"size="} + draw.word({"", "ten", "-1", "1e3", "+100", " 100"}));
  if (draw.one_in(12))
    put(std::string{"since="} +
        draw.word({"", "x", "<alice>", "<alice#1|cut>", "<alice#1|upper>"}));
  if (draw.one_in(12))
    put(std::string{"client="} +
        draw.word({"", "xyz", "-1", "<alice.1|upper>", "<alice.1|zeros>"}));
  author.add(command);
}

void read_last(Author& author) {
  const auto& user = author.person();
  auto path = std::string{"/notifications/last"};
  if (!author.draw.one_in(3)) path += "?client=" + quoted(author.client_of(user));
  author.add({.as = user, .act = "GET", .path = path});
}

void read_one(Author& author) {
  auto& draw = author.draw;
  const auto& user = author.person();
  auto path = "/notifications/" + author.notification_of(draw.one_in(8) ? author.person() : user);
  if (draw.one_in(12))
    path = std::string{"/notifications/"} + draw.word({"x", "<alice>", "<alice#1|cut>"});
  if (draw.one_in(2)) path += "?client=" + quoted(author.client_of(user));
  author.add({.as = user, .act = "GET", .path = path});
}

void read_time(Author& author) {
  author.add({.as = author.actor(), .act = "GET", .path = "/time"});
}

}  // namespace

const std::vector<Act> reading_acts = {
    {"open a socket", open_socket, 3},      {"read frames", read_frames, 5},
    {"say something", say_something, 1},    {"hang up", hang_up, 1},
    {"read a page", read_page, 8},          {"read the last notification", read_last, 2},
    {"read one notification", read_one, 3}, {"read the time", read_time, 1},
};

}  // namespace twostep::live
