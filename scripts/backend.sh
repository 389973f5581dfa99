# Our own backend as a target of the suite: started on free ports of the loopback, described by a target
# file, stopped by its process id; and what a report says of it. Sourced by the scripts beside it.

free_port() { # below the range from which the kernel gives ports to clients
  local port
  while :; do
    port=$((RANDOM % 12000 + 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
  done
}

backend_start() { # BIN FOLDER; leaves start, target.json and ports in FOLDER
  local bin=$1 folder=$2 port push_port federation_port peers_port http=https options='' authority=''
  port=$(free_port) push_port=$(free_port) federation_port=$(free_port) peers_port=$(free_port)
  rm -rf "$folder" && mkdir -p "$folder"
  echo "port=$port push_port=$push_port federation_port=$federation_port peers_port=$peers_port" >"$folder/ports"
  if [ "${TWOSTEP_FEDERATION:-tls}" = plain ]; then
    http=http options=--federation-insecure
  else
    "$(dirname "${BASH_SOURCE[0]}")/test-authority" "$folder" a.example
    options="--federation-certificate $folder/a.example.pem --federation-key $folder/a.example.key"
    options+=" --federation-authority $folder/authority.pem"
    authority=', "authority": { "certificate": "authority.pem", "key": "authority.key" }'
  fi
  # The braces give the server a parent that notices its end at once; init may take seconds, and so long
  # a process that has ended still looks as if it were there.
  # The cheap password hash is for rigs like this one: a suite registers hundreds of users.
  cat >"$folder/start" <<TXT
#!/bin/sh
{ "${TWOSTEP_SERVER:-$bin/twostep-server}" --listen 127.0.0.1:$port --domain a.example --data "$folder/data" \\
  --push-gateway http://127.0.0.1:$push_port/push --password-cost test-rig \\
  $options --federation-listen 127.0.0.1:$federation_port --peer '*.peers.test=$http://127.0.0.1:$peers_port' \\
  --pid-file "$folder/server.pid"; :; } >>"$folder/server.log" 2>&1 </dev/null &
TXT
  cat >"$folder/target.json" <<TXT
{ "name": "twostep-server", "domain": "a.example", "api_version": 9,
  "http": "http://127.0.0.1:$port", "websocket": "ws://127.0.0.1:$port",
  "accounts": { "how": "register" },
  "push": { "listen": "127.0.0.1:$push_port" },
  "federation": { "profile": "m1", "url": "$http://127.0.0.1:$federation_port",
                  "peers": { "pattern": "*.peers.test", "listen": "127.0.0.1:$peers_port" }$authority },
  "process": { "kill": "p=\$(cat server.pid) && kill -9 \$p && tail -s 0.01 --pid=\$p -f /dev/null",
               "start": "./start" } }
TXT
  chmod +x "$folder/start"
  "$folder/start"
  backend_wait "http://127.0.0.1:$port" || { cat "$folder/server.log" >&2; return 1; }
}

backend_wait() { # URL; until it is ready to serve
  local deadline=$((SECONDS + 30))
  until curl --silent --output /dev/null --fail "$1/i/ready"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.05
  done
}

backend_stop() { # FOLDER; by process id, and waits until it is gone
  local pid
  pid=$(cat "$1/server.pid" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || return 0
  timeout 30 tail -s 0.01 --pid="$pid" -f /dev/null || kill -9 "$pid"
  rm -f "$1/server.pid"
}

failed_tests() { # REPORT; the names of tests that failed, a line each
  awk -F '"' '$2 == "name" { test = $4 } $2 == "outcome" && test != "" { if ($4 == "fail") print test; test = "" }' \
    "$1/results.json"
}
