@NullMarked
package dev.thrum.reports;

import org.jspecify.annotations.NullMarked;
