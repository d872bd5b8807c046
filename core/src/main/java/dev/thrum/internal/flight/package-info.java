/// Events for the JDK's Flight Recorder.
///
/// Not an API.
package dev.thrum.internal.flight;
