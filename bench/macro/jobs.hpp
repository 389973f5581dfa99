#pragma once

#include "bench/macro/options.hpp"
#include "bench/macro/report.hpp"

/// What the program can measure.
///
/// Errors     `TrafficError` or `conformance::SetupFailed` when there is nothing to measure.
namespace twostep::bench {

/// How long a client takes to catch up: each cell is a backlog and a page size, and each task drains
/// that backlog page by page.
Findings catch_up_job(const Options& options);

/// Step one, from the intended start of a send to its 201.
Findings send_job(const Options& options);

/// Step two, from the intended start of a send to its frame on each recipient's websocket.
Findings deliver_job(const Options& options);

/// Durable inserts into our own store, without a server: what sending cannot beat.
Findings raw_inserts_job(const Options& options);

/// Our pages against the same bytes from nginx, and our sends against raw inserts.
Findings side_by_side_job(const Options& options);

/// Step one of local conversations, alone and beside messages that wait for a peer that says nothing.
Findings hanging_peer_job(const Options& options);

}  // namespace twostep::bench
