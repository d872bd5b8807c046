package dev.thrum.bench.web;

import java.util.Optional;

/// What a load has seen in an interval.
///
/// @param requests how many were answered
/// @param seconds how long it lasted
/// @param slowestMillis the time that 99 of 100 answers took at most
/// @param trouble what went wrong; empty if nothing did
record Tally(long requests, double seconds, double slowestMillis, Optional<String> trouble) {}
