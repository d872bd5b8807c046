/// The echo benchmark: one program for every server, and what a message costs each of them.
@NullMarked
package dev.thrum.bench.echo;

import org.jspecify.annotations.NullMarked;
