/// What an application offers, as OpenAPI 3.1 describes it.
@NullMarked
package dev.thrum.web.openapi;

import org.jspecify.annotations.NullMarked;
