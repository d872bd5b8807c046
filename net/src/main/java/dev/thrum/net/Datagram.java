package dev.thrum.net;

import java.net.InetSocketAddress;

/// A datagram that has come.
///
/// @param data what it holds
/// @param from who sent it
@SuppressWarnings("ArrayRecordComponent") // it is a parcel, and nobody compares parcels
public record Datagram(byte[] data, InetSocketAddress from) {}
