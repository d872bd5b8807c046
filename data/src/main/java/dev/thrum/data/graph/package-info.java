/// What a pipeline is, for those who run it: a graph of operators, from the sink up to the sources.
///
/// @serial exclude
package dev.thrum.data.graph;
