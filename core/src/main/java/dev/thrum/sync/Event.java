package dev.thrum.sync;

/// Stub.
public interface Event {}
