/// Files, read and written beside the loop.
///
/// Start at [dev.thrum.file.AsyncFiles]. What blocks in the system runs on threads of its own,
/// which all loops share; a task suspends meanwhile, and a plain thread blocks.
@NullMarked
package dev.thrum.file;

import org.jspecify.annotations.NullMarked;
