# The reference server as a target of the suite: started on free ports of the loopback, described by a target
# file, and stopped like our own backend. It keeps everything in memory, so that the suite is not told how to
# kill it. Sourced by the scripts beside it, after backend.sh.

reference_start() { # BIN FOLDER [arguments of twostep-reference]; leaves target.json in FOLDER
  local bin=$1 folder=$2 port push_port federation_port peers_port deadline=$((SECONDS + 30))
  shift 2
  port=$(free_port) push_port=$(free_port) federation_port=$(free_port) peers_port=$(free_port)
  rm -rf "$folder" && mkdir -p "$folder"
  cat >"$folder/target.json" <<TXT
{ "name": "twostep-reference", "domain": "a.example", "api_version": 9,
  "http": "http://127.0.0.1:$port", "websocket": "ws://127.0.0.1:$port",
  "accounts": { "how": "register" },
  "push": { "listen": "127.0.0.1:$push_port" },
  "federation": { "profile": "m1", "url": "http://127.0.0.1:$federation_port",
                  "peers": { "pattern": "*.peers.test", "listen": "127.0.0.1:$peers_port" } } }
TXT
  setpriv --pdeathsig TERM "$bin/twostep-reference" --listen 127.0.0.1:$port --domain a.example \
    --push-gateway http://127.0.0.1:$push_port/push --pid-file "$folder/server.pid" --federation-insecure \
    --federation-listen 127.0.0.1:$federation_port --peer "*.peers.test=http://127.0.0.1:$peers_port" "$@" \
    >>"$folder/server.log" 2>&1 </dev/null &
  until [ -s "$folder/server.pid" ]; do # Written once it listens.
    kill -0 $! && [ $SECONDS -lt $deadline ] || { cat "$folder/server.log" >&2; return 1; }
  done
}
