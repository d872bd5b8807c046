/// The web benchmark: the same small application on many servers, the same load on each, and what a
/// request costs.
///
/// A contender is a line in [Contenders]; what it answers is checked by [Checks] before it is
/// timed.
@NullMarked
package dev.thrum.bench.web;

import org.jspecify.annotations.NullMarked;
