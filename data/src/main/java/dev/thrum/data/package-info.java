/// Pipelines over large data sets.
///
/// A [Pipeline] describes what becomes of the elements of a [Source]; with a [Sink] it is a [Job],
/// which runs here ([Job#run()]).
///
/// @serial exclude
package dev.thrum.data;
