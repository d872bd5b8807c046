/// Tests of web applications without a server: requests, WebSockets and the application's life, all
/// in memory.
@NullMarked
package dev.thrum.web.test;

import org.jspecify.annotations.NullMarked;
