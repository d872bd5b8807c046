package dev.thrum.internal.wait;

/// Something waited for that others than the tasks of one loop may bring about, so that a loop on
/// which all wait is no deadlock.
public interface OpenWait {}
