/// Runs jobs in this JVM: every operator is a [Stage] that is called by the one before it, all on
/// one loop.
package dev.thrum.data.run;
