/// One schedule after the other: who decides, what is written down, and how a failure is reduced
/// and told.
@NullMarked
package dev.thrum.testkit.internal;

import org.jspecify.annotations.NullMarked;
